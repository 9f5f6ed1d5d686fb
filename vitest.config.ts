import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    reporters: ["default", "./test/support/skips-reporter.ts"],
    pool: "forks",
    // Real servers and real processes, on machines with two busy cores.
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
