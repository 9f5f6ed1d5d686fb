import type { TestProject } from "vitest/node";
import { openBroker } from "./broker.ts";
import type { DatabaseKind, Skipped } from "./kinds.ts";

declare module "vitest" {
  interface ProvidedContext {
    databases: readonly DatabaseKind[];
    skippedDatabases: readonly Skipped[];
    broker: string;
  }
}

/** Finds the database servers of the run; stops those it started. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const broker = await openBroker();
  project.provide("databases", broker.available);
  project.provide("skippedDatabases", broker.skipped);
  project.provide("broker", broker.address);
  return () => broker.close();
}
