import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, parseRename, type Rename } from "../../src/compare/index.ts";
import { dialectFor, type Connection, type Dialect } from "../../src/dialects/index.ts";
import { objectCompiler } from "../../src/objects/index.ts";
import { canonicalizeWhole, reflectWhole, type ComparedKinds } from "../../src/objects/whole.ts";
import { describe, reverseAll, type Operation } from "../../src/operations/index.ts";
import { renderRevision } from "../../src/render/index.ts";
import { RevisionMap } from "../../src/revisions/revision-map.ts";
import { revisionOf, type Revision } from "../../src/revisions/revision.ts";
import { run } from "../../src/runtime/runner.ts";
import type { MetaData, SkippedObject, TableName } from "../../src/schema/index.ts";

const VERSION_TABLE: TableName = { name: "revline_version" };

export interface Difference {
  readonly operations: readonly Operation[];
  readonly skipped: readonly SkippedObject[];
}

/** The product at work on one database: what the commands do, in one process and on one session. */
export class Flow {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly #folder: string;
  readonly #schemas: readonly string[];
  /** The kinds of objects that are compared: the laws hold for a database that the models say whole. */
  kinds: ComparedKinds = "all";
  #revisions: readonly Revision[] = [];
  /** Texts of the revision files, for the report of a failure. */
  readonly texts: string[] = [];
  /** Statements of the last run. */
  statements: string[] = [];

  private constructor(
    connection: Connection,
    dialect: Dialect,
    folder: string,
    schemas: readonly string[],
  ) {
    this.connection = connection;
    this.dialect = dialect;
    this.#folder = folder;
    this.#schemas = schemas;
    connection.onStatement = (sql) => this.statements.push(sql);
  }

  /** @param schemas the schemas beside the default one that are ours */
  static async open(url: string, schemas: readonly string[] = []): Promise<Flow> {
    const dialect = dialectFor(url);
    const folder = await mkdtemp(join(tmpdir(), "revline-law-revisions-"));
    return new Flow(
      await dialect.connect(url),
      dialect,
      folder,
      dialect.capabilities.schemas ? schemas : [],
    );
  }

  reflect(): Promise<MetaData> {
    return reflectWhole(this.dialect, this.connection, {
      schemas: [undefined, ...this.#schemas],
      exclude: [VERSION_TABLE],
    });
  }

  /** What `check` finds. */
  async difference(
    models: MetaData,
    declared = false,
    renames: readonly (Rename | string)[] = [],
  ): Promise<Difference> {
    const { dialect, connection } = this;
    const database = await this.reflect();
    const canonical = await canonicalizeWhole(dialect, connection, database, models, {
      kinds: this.kinds,
    });
    const { operations, skipped } = compare(canonical, {
      dialect: this.dialect,
      renames: renames.map((rename) =>
        typeof rename === "string"
          ? parseRename(rename, canonical.database, canonical.models)
          : rename,
      ),
      ...(declared ? { declared: models } : {}),
    });
    return { operations, skipped };
  }

  /** `check`, in words. */
  async check(models: MetaData): Promise<readonly string[]> {
    const { operations } = await this.difference(models);
    return operations.map((operation) => `${describe(operation).text} ${print(operation)}`);
  }

  /** `revision --autogenerate`: writes a revision file. */
  async autogenerate(
    models: MetaData,
    renames: readonly (Rename | string)[] = [],
  ): Promise<Difference> {
    const difference = await this.difference(models, true, renames);
    const { operations } = difference;
    const id = `law${String(this.#revisions.length + 1)}`;
    const parent = this.#revisions.at(-1)?.id ?? null;
    const text = renderRevision({
      revision: id,
      downRevision: parent,
      message: id,
      created: new Date(0),
      upgrade: operations,
      downgrade: reverseAll(operations),
    });
    const path = join(this.#folder, `${id}.ts`);
    await writeFile(path, text);
    this.texts.push(text);
    this.#revisions = [
      ...this.#revisions,
      revisionOf(id, { downRevisions: parent === null ? [] : [parent], path }),
    ];
    return difference;
  }

  /** The revisions so far. */
  get map(): RevisionMap {
    return new RevisionMap(this.#revisions);
  }

  upgrade(): Promise<void> {
    return this.#run("upgrade", "head");
  }

  /** Undoes the last revision. */
  downgrade(): Promise<void> {
    return this.#run("downgrade", this.#revisions.at(-2)?.id ?? "base");
  }

  async #run(direction: "upgrade" | "downgrade", target: string): Promise<void> {
    this.statements = [];
    await run({
      connection: this.connection,
      dialect: this.dialect,
      map: this.map,
      versionTable: VERSION_TABLE,
      lockTimeout: 10_000,
      direction,
      target,
      compileObject: objectCompiler(this.dialect),
    });
  }

  /** The statements of the last run that changed something, without those about its own tables, to be run by hand. */
  get script(): readonly string[] {
    return this.statements
      .filter(
        (sql) =>
          /^\s*(?:create|alter|drop|comment|rename|insert|update|grant|revoke|set|pragma)\b/i.test(
            sql,
          ) && !/\brevline_(?:version|journal|history|lock)\b/.test(sql),
      )
      .map((sql) => `${sql.trim().replace(/;$/, "")};`);
  }

  async close(): Promise<void> {
    await this.connection.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export function print(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? `${item.toString()}n` : item,
  );
}
