import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadModels } from "../../src/models/index.ts";
import { renderModels } from "../../src/render/index.ts";
import type { MetaData, Table } from "../../src/schema/index.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { Flow } from "../laws/flow.ts";
import { forEachDatabase, type Family } from "../support/databases.ts";

const WORDS = [
  `it's "q" \`b\` \\`,
  `'; DROP TABLE x; --`,
  "line\nbreak\r\n\ttab",
  " leads and trails ",
  "$$ $1 :x ? %s %(y)s @z #",
  "${process.exit(1)} `${1}` */ /* //",
  "\u2028sep\u2029\u200b\u0007\u001b[31m",
  "😀👩‍👩‍👧 é é",
  "__proto__",
  "constructor",
  "toString",
  "SELECT",
  "MiXed",
  "a.b.c",
  "*/ }); process.exit(1); ({",
  "</script>{{x}}[y]",
] as const;

/** MySQL and MariaDB take no name that ends in a blank, MySQL none above U+FFFF; mysql2 refuses rows with a field `__proto__`. */
function nameFor(word: string, family: Family): string {
  if (family !== "mysql" && family !== "mariadb") return word;
  const name = word.replace(/[\u{10000}-\u{10ffff}]/gu, "x").trimEnd();
  return name === "__proto__" ? "proto__" : name;
}

function schemaOf(word: string, family: Family): MetaData {
  const name = nameFor(word, family);
  const other = `2${name}`;
  const isServer = family !== "sqlite";
  const parent: Table = {
    name: other,
    columns: [{ name, type: { name: "integer" }, nullable: false }],
    constraints: [{ kind: "primaryKey", columns: [name] }],
    indexes: [],
  };
  const table: Table = {
    name,
    ...(isServer ? { comment: word } : {}),
    columns: [
      { name, type: { name: "integer" }, nullable: false },
      {
        name: other,
        type: { name: "varchar", length: 90 },
        nullable: true,
        default: { value: word },
        ...(isServer ? { comment: word } : {}),
      },
      ...(isServer
        ? [
            {
              name: `3${name}`,
              type: {
                name: "enum" as const,
                values: [word.trim(), "b"],
                ...(family === "postgresql" ? { enumName: `e${name}` } : {}),
              },
              nullable: true,
              default: { value: word.trim() },
            },
          ]
        : []),
    ],
    constraints: [
      { kind: "primaryKey", columns: [name] },
      { kind: "unique", name: `u${name}`, columns: [other, name] },
      {
        kind: "foreignKey",
        name: `f${name}`,
        columns: [name],
        references: { name: other, columns: [name] },
      },
    ],
    indexes: [{ name: `i${name}`, elements: [{ column: other }] }],
  };
  return {
    ...EMPTY_METADATA,
    tables: [parent, table],
    objects:
      family === "postgresql"
        ? [{ kind: "enum", name: `e${name}`, values: [word.trim(), "b"] }]
        : [],
  };
}

/** The same with a column more, one less, and other words where words are free. */
function changed({ tables, ...rest }: MetaData): MetaData {
  const [parent, table] = tables;
  if (parent === undefined || table === undefined) throw new Error("there are two tables");
  const { comment: _comment, ...bare } = table;
  return {
    ...rest,
    tables: [
      parent,
      {
        ...bare,
        columns: [
          ...table.columns.map((column) =>
            column.type.name === "varchar"
              ? { ...column, type: { name: "varchar" as const, length: 120 }, nullable: false }
              : column,
          ),
          { name: `4${table.name}`, type: { name: "integer" }, nullable: true },
        ],
        constraints: table.constraints.filter(({ kind }) => kind !== "unique"),
        indexes: [
          { name: `j${table.name}`, unique: true, elements: [{ column: `4${table.name}` }] },
        ],
      },
    ],
  };
}

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function written(metadata: MetaData): Promise<MetaData> {
  const folder = await mkdtemp(join(tmpdir(), "revline-hostile-"));
  folders.push(folder);
  await writeFile(join(folder, "models.ts"), renderModels(metadata));
  return loadModels("models.ts", folder);
}

forEachDatabase((db) => {
  describe("a name is data", () => {
    it.each(WORDS.map((word) => [JSON.stringify(word), word] as const))("%s", async (_, word) => {
      const { url } = await db.create();
      const flow = await Flow.open(url);
      try {
        const first = schemaOf(word, db.family);
        const models = await written(first);
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        // what the database says of itself, written as models and read again
        const before = await flow.reflect();
        expect(await flow.check(await written(before))).toEqual([]);
        const later = await written(changed(first));
        await flow.autogenerate(later);
        await flow.upgrade();
        expect(await flow.check(later)).toEqual([]);
        await flow.downgrade();
        expect(await flow.reflect()).toEqual(before);
      } finally {
        await flow.close();
      }
    });
  });

  describe("a name that cannot be one", () => {
    const plain = (more: Partial<Table>): MetaData => ({
      ...EMPTY_METADATA,
      tables: [
        {
          name: "plain",
          columns: [{ name: "id", type: { name: "integer" }, nullable: false }],
          constraints: [],
          indexes: [],
          ...more,
        },
      ],
    });
    const places: Readonly<Record<string, (name: string) => MetaData>> = {
      table: (name) => plain({ name }),
      column: (name) => plain({ columns: [{ name, type: { name: "integer" }, nullable: true }] }),
      constraint: (name) => plain({ constraints: [{ kind: "unique", name, columns: ["id"] }] }),
      index: (name) => plain({ indexes: [{ name, elements: [{ column: "id" }] }] }),
    };
    const names = [
      ["NUL", "a\0b", "name-invalid"],
      ["empty", "", "name-invalid"],
      ["300 bytes", "x".repeat(300), "name-too-long"],
    ] as const;

    it.each(Object.keys(places))("is refused before anything runs: of a %s", async (place) => {
      const { url } = await db.create();
      const flow = await Flow.open(url);
      try {
        for (const [what, name, code] of names) {
          const models = places[place]?.(name) ?? EMPTY_METADATA;
          // SQLite has no limit
          if (db.family === "sqlite" && code === "name-too-long") {
            await flow.autogenerate(models);
            await flow.upgrade();
            expect(await flow.check(models)).toEqual([]);
          } else {
            await expect(flow.autogenerate(models), what).rejects.toMatchObject({ code });
            expect(flow.texts, what).toEqual([]);
          }
        }
      } finally {
        await flow.close();
      }
    });
  });
});
