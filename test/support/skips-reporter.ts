import type { Reporter, Vitest } from "vitest/node";

/**
 * Says in the last lines of a run which databases it did without. With `CI=true` such a run has failed:
 * a green build must mean that every database was there.
 */
export default class SkipsReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(): void {
    const project = this.#vitest?.getRootProject();
    const context = project?.getProvidedContext();
    const available = context?.databases ?? [];
    const skipped = context?.skippedDatabases ?? [];
    console.log(` Databases  ${available.join(", ")}`);
    for (const { kind, reason, chosen } of skipped) {
      console.log(` ${chosen ? "Left out " : "SKIPPED  "}  ${kind}: ${reason}`);
    }
    if (process.env["CI"] === "true" && skipped.some(({ chosen }) => !chosen)) {
      console.log(" FAILED     CI=true asks for every database");
      process.exitCode = 1;
    }
  }
}
