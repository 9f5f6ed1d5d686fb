import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { familyOf, type DatabaseKind, type Family } from "../test/support/kinds.ts";
import { openRaw } from "../test/support/raw.ts";

/** An empty database to measure on. */
export interface BenchDatabase {
  readonly kind: DatabaseKind;
  readonly family: Family;
  /** A URL of a new empty database. */
  create(): Promise<string>;
  drop(): Promise<void>;
}

export async function benchDatabase(kind: DatabaseKind, broker: string): Promise<BenchDatabase> {
  const family = familyOf[kind];
  if (family === "sqlite") {
    const folder = await mkdtemp(join(tmpdir(), "revline-bench-"));
    let files = 0;
    return {
      kind,
      family,
      create: () => Promise.resolve(`sqlite:///${join(folder, `${String((files += 1))}.db`)}`),
      drop: () => rm(folder, { recursive: true, force: true }),
    };
  }
  const response = await fetch(`${broker}/server/${kind}`);
  const server = await response.text();
  if (!response.ok) throw new Error(server);
  const made: string[] = [];
  const admin = await openRaw(family, server);
  return {
    kind,
    family,
    create: async () => {
      const name = `revline_bench_${String(process.pid)}_${String(made.push(""))}`;
      made[made.length - 1] = name;
      await admin.query(`CREATE DATABASE ${name}`);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    drop: async () => {
      for (const name of made) await admin.query(`DROP DATABASE ${name}`);
      await admin.close();
    },
  };
}
