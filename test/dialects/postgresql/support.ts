import { compare } from "../../../src/compare/index.ts";
import { postgresql } from "../../../src/dialects/postgresql/index.ts";
import type {
  Canonical,
  Connection,
  PlanContext,
  ReflectFilter,
  Statement,
} from "../../../src/dialects/contract.ts";
import { objectCompiler } from "../../../src/objects/index.ts";
import { reverseAll, type Operation } from "../../../src/operations/index.ts";
import { collect, type DeclaresTable, type MetaData } from "../../../src/schema/index.ts";
import type { TestDatabase } from "../../support/databases.ts";

/** What a revision does, without files: one session of one database. */
export class Bench {
  readonly connection: Connection;
  /** Statements of the last {@link migrate}. */
  statements: readonly string[] = [];

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  static async open({ url }: Pick<TestDatabase, "url">): Promise<Bench> {
    return new Bench(await postgresql.connect(url));
  }

  reflect(filter: ReflectFilter = {}): Promise<MetaData> {
    return postgresql.reflect(this.connection, filter);
  }

  async canonical(models: MetaData, filter: ReflectFilter = {}): Promise<Canonical> {
    return postgresql.canonicalize(this.connection, await this.reflect(filter), models);
  }

  /** What autogenerate finds. */
  async differences(models: MetaData, filter: ReflectFilter = {}): Promise<readonly Operation[]> {
    return compare(await this.canonical(models, filter), { dialect: postgresql }).operations;
  }

  plan(operations: readonly Operation[]): Promise<readonly Statement[]> {
    const context: PlanContext = {
      server: this.connection.server,
      reflect: (filter) => this.reflect(filter),
      compileObject: objectCompiler(postgresql),
    };
    return postgresql.plan(operations, context);
  }

  /** Plans and runs operations in one transaction, as a revision does. */
  async migrate(operations: readonly Operation[]): Promise<void> {
    const statements = await this.plan(operations);
    this.statements = statements.map(({ sql }) => sql);
    await this.connection.begin();
    try {
      for (const { sql, params } of statements) await this.connection.execute(sql, params);
      await this.connection.commit();
    } catch (error) {
      if (this.connection.inTransaction) await this.connection.rollback();
      throw error;
    }
  }

  /** Autogenerates and upgrades; resolves to what it did. */
  async upgradeTo(models: MetaData, filter: ReflectFilter = {}): Promise<readonly Operation[]> {
    const operations = await this.differences(models, filter);
    await this.migrate(operations);
    return operations;
  }

  async downgrade(operations: readonly Operation[]): Promise<void> {
    await this.migrate(reverseAll(operations));
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** Models of the given tables. */
export function modelsOf(...tables: readonly DeclaresTable[]): MetaData {
  return collect(tables);
}
