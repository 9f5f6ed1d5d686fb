import type { MigrationContext } from "../../src/operations/operations.ts";

/** Where a revision of a test runs, as far as nobody asks. */
export const CONTEXT: MigrationContext = {
  dialect: "sqlite",
  serverVersion: "3.45.0",
  revision: "a1",
  direction: "upgrade",
  isOffline: false,
  x: {},
};
