import { format, type Options } from "prettier";
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../src/revisions/checksum.ts";

const source = `/**
 * add posts
 *
 * Revision: 7c1f0a9d2e44
 */
import type { Operations } from "revline";

export const revision = "7c1f0a9d2e44";
export const downRevision: string | null = '2b9e5d10c3af';

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("post", (t) => ({ id: t.bigint().identity().primaryKey(), "author_id": t.integer(), slug: t.varchar(120).notNull() }), { unique: { post_slug_key: ["slug"] } });
  const pattern = /a\\/[/"'\`]\\s+/g; const half = 10 / 2 / 1;
  for (const { id, email } of await op.query<{ id: number; email: string }>(op.sql\`SELECT id,  email FROM "user" -- all\`)) {
    // somebody's
    op.execute(op.sql\`UPDATE "user" SET display_name = \${email.split("@").map((part) => { return part.replace(pattern, 'it\\'s'); })[0]} WHERE id = \${{ "id": id }.id + half}\`);
  }
}

export async function downgrade(op: Operations): Promise<void> { op.dropTable("post"); }
`;

describe("the checksum of a revision's file", () => {
  const styles: readonly Options[] = [
    {},
    { singleQuote: true, semi: false },
    { printWidth: 40, useTabs: true, arrowParens: "avoid", trailingComma: "none" },
    { printWidth: 300, quoteProps: "consistent", trailingComma: "all", endOfLine: "crlf" },
    { bracketSpacing: false, objectWrap: "collapse", experimentalOperatorPosition: "start" },
  ];
  it.each(styles)("does not change by formatting with %j", async (style) => {
    const formatted = await format(source, { parser: "typescript", ...style });
    expect(formatted).not.toBe(source);
    expect(checksumOf(formatted)).toBe(checksumOf(source));
  });

  it("does not change by comments, line endings and a byte order mark", () => {
    const other = `\uFEFF${source
      .replace(" * add posts", " * add the posts")
      .replace("// somebody's", "/* `another`\n comment ' */")}// end`;
    expect(checksumOf(other.replaceAll("\n", "\r\n"))).toBe(checksumOf(source));
  });

  it.each([
    ["a string", `["slug"]`, `["slag"]`],
    ["blanks in SQL", "SELECT id,  email", "SELECT id, email"],
    ["a comment in SQL", "-- all", "-- some"],
    ["a number", "120", "121"],
    ["a name", "author_id", "writer_id"],
    ["a regular expression", "\\s+/g", "\\s*/g"],
    ["an operator", "10 / 2", "10 * 2"],
    ["code in a template", `split("@")`, `split("#")`],
    ["the order", `.bigint().identity()`, `.identity().bigint()`],
  ])("changes with %s", (_, from, to) => {
    const other = source.replace(from, to);
    expect(other).not.toBe(source);
    expect(checksumOf(other)).not.toBe(checksumOf(source));
  });
});
