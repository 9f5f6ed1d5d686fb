import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import LongFirst from "./test/support/long-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/skips-reporter.ts"],
    pool: "forks",
    // Tests wait for servers and processes as much as they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongFirst },
    // Real servers and real processes, on machines with two busy cores.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
