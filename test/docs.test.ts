import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFINITIONS } from "../src/cli/definitions.ts";
import { parse } from "../src/cli/program.ts";
import { validateConfig } from "../src/config/validate.ts";
import * as revline from "../src/index.ts";
import { createRecorder } from "../src/operations/recorder.ts";
import { CONTEXT } from "./support/migration-context.ts";
import { root } from "./support/source.ts";

const document = readFileSync(join(root, "docs/alembic.md"), "utf8");

/** The rows of the tables under a heading: what stands left, what stands right. */
function rowsOf(heading: string): readonly (readonly [string, string])[] {
  const start = document.indexOf(`## ${heading}\n`);
  const text = document.slice(start, document.indexOf("\n## ", start + 1));
  return [...text.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)]
    .map(([, left = "", right = ""]): [string, string] => [left, right])
    .slice(2);
}

function spans(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
}

const lefts = (heading: string): readonly string[] =>
  rowsOf(heading).flatMap(([left]) => spans(left));

/** Every flag that a command's own help names, with those of every command. */
async function flagsOf(command: string | undefined): Promise<readonly string[]> {
  const helps = [
    await parse(["--help"]),
    ...(command === undefined ? [] : [await parse([command, "--help"])]),
  ];
  return helps.flatMap((help) =>
    help.kind === "text" ? (help.text.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? []) : [],
  );
}

const ALEMBIC = {
  Commands: {
    init: ["-t", "--template", "--package"],
    list_templates: [],
    revision: [
      "-m",
      "--autogenerate",
      "--sql",
      "--head",
      "--splice",
      "--branch-label",
      "--version-path",
      "--rev-id",
      "--depends-on",
    ],
    check: [],
    merge: ["-m", "--branch-label", "--rev-id", "--splice"],
    upgrade: ["--sql", "--tag"],
    downgrade: ["--sql", "--tag"],
    stamp: ["--sql", "--tag", "--purge"],
    current: ["-v", "--check-heads"],
    history: ["-r", "--rev-range", "-v", "-i", "--indicate-current"],
    heads: ["-v", "--resolve-dependencies"],
    branches: ["-v"],
    show: [],
    edit: [],
    ensure_version: ["--sql"],
  },
  Operations:
    "create_table drop_table rename_table add_column drop_column alter_column create_index drop_index create_unique_constraint create_primary_key create_foreign_key create_check_constraint create_exclude_constraint drop_constraint create_table_comment drop_table_comment bulk_insert execute inline_literal get_bind get_context autocommit_block run_async invoke f batch_alter_table",
  "context.configure":
    "connection url dialect_name dialect_opts transactional_ddl transaction_per_migration output_buffer output_encoding as_sql starting_rev tag literal_binds template_args version_table version_table_schema version_table_pk on_version_apply target_metadata include_schemas include_name include_object render_as_batch render_item compare_type compare_server_default process_revision_directives upgrade_token downgrade_token sqlalchemy_module_prefix alembic_module_prefix user_module_prefix autogenerate_plugins get_x_argument is_offline_mode",
  "alembic.ini":
    "script_location file_template timezone truncate_slug_length revision_environment sourceless version_locations path_separator recursive_version_locations output_encoding prepend_sys_path databases post_write_hooks sqlalchemy.url",
  "SQLAlchemy-migrate":
    "create script script_sql version db_version source version_control drop_version_control upgrade downgrade test create_model compare_model_to_db make_update_script_for_model update_db_from_model manage",
};

describe("docs/alembic.md", () => {
  it("has every command and option of Alembic", () => {
    const said = lefts("Commands").join("\n");
    const missing = Object.entries(ALEMBIC.Commands).flatMap(([command, options]) => [
      ...(new RegExp(`^${command}\\b`, "m").test(said) ? [] : [command]),
      ...options
        .map((option) => `${command} ${option}`)
        .filter((text) => !new RegExp(`^${text}(?![\\w-])`, "m").test(said)),
    ]);
    expect(missing).toEqual([]);
    for (const option of [
      "--config",
      "-c",
      "--name",
      "-n",
      "-x",
      "--raiseerr",
      "--quiet",
      "-q",
      "--version",
      "--help",
    ])
      expect(lefts("Commands")).toContain(option);
  });

  it.each(["Operations", "context.configure", "alembic.ini", "SQLAlchemy-migrate"] as const)(
    "has everything of %s",
    (heading) => {
      const said = lefts(heading);
      expect(ALEMBIC[heading].split(" ").filter((name) => !said.includes(name))).toEqual([]);
    },
  );

  it("names commands and options that the program's own help has", async () => {
    const commands = [...document.matchAll(/`migrate( [^`]*)?`/g)].map(([, rest = ""]) =>
      rest.trim(),
    );
    expect(commands.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const text of commands) {
      const [first = ""] = text.split(" ");
      const command = first.startsWith("-") ? undefined : first;
      if (
        command !== undefined &&
        !DEFINITIONS.some(({ name, aliases = [] }) => [name, ...aliases].includes(command))
      )
        wrong.push(text);
      else {
        const known = await flagsOf(command);
        const used = text.match(/(?<![\w-])--?[a-zA-Z][\w-]*/g) ?? [];
        if (!used.every((flag) => known.includes(flag))) wrong.push(text);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("names operations that `op` has", () => {
    const methods = Object.keys(
      createRecorder({
        context: CONTEXT,
        answer: () => Promise.resolve([]),
        connect: () => Promise.resolve(undefined),
      }).op,
    );
    const said = [
      ...new Set(spans(document).flatMap((span) => /^op\.(\w+)/.exec(span)?.[1] ?? [])),
    ];
    expect(said.filter((name) => !methods.includes(name))).toEqual([]);
  });

  it("names keys of the configuration that there are", () => {
    const isKey = (key: string): boolean => {
      try {
        validateConfig({ [key]: undefined }, "here");
        return true;
      } catch {
        return false;
      }
    };
    const others = ["connection", "script", "tag", "x", "isOffline", "imports", "Rewriter"];
    const named = ["context.configure", "alembic.ini"].flatMap((heading) =>
      rowsOf(heading).flatMap(([, right]) =>
        spans(right).filter((span) => /^[a-z]\w*$/i.test(span)),
      ),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !others.includes(name) && !isKey(name))).toEqual([]);
  });
});

describe("docs/configuration.md", () => {
  it("has every key", () => {
    const text = readFileSync(join(root, "docs/configuration.md"), "utf8");
    const error = (() => {
      try {
        validateConfig({ zzzzzzzzzzzzzzzzzzzz: 1 }, "here");
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    const hint = revline.isRevlineError(error) ? (error.hint ?? "") : "";
    const keys = hint.replace("Known keys: ", "").replace(/\.$/, "").split(", ");
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !new RegExp(`^\\|[^|]*\`${key}\``, "m").test(text))).toEqual([]);
  });
});
