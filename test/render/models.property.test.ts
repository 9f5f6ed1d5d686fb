import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as fc from "fast-check";
import { format } from "prettier";
import { expect, test } from "vitest";
import { renderModelFiles, renderModels, renderRevision } from "../../src/render/index.ts";
import { operation } from "./arbitrary-operation.ts";
import { metadata } from "./arbitrary-metadata.ts";
import { arrangedMetadata, evaluateFiles, evaluateModels } from "./run-models.ts";

const RUNS = Number(process.env["REVLINE_RENDER_RUNS"] ?? 80);
const SEED = Number(process.env["REVLINE_SEED"] ?? 20260822);

test("rendered models, loaded, are the same metadata", () => {
  fc.assert(
    fc.property(metadata, (given) => {
      expect(arrangedMetadata(evaluateModels(renderModels(given)))).toEqual(
        arrangedMetadata(given),
      );
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("so are models in several files", () => {
  fc.assert(
    fc.property(metadata, (given) => {
      expect(arrangedMetadata(evaluateFiles(renderModelFiles(given)))).toEqual(
        arrangedMetadata(given),
      );
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("prettier leaves rendered models as they are", async () => {
  await fc.assert(
    fc.asyncProperty(metadata, async (given) => {
      const text = renderModels(given);
      expect(await format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("rendered models and revisions type-check under strict settings", async () => {
  const folder = await mkdtemp(join(tmpdir(), "revline-types-"));
  try {
    const root = resolve(import.meta.dirname, "../..");
    const settings = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        noUnusedLocals: true,
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
        typeRoots: [join(root, "node_modules/@types")],
        paths: {
          "revline/schema": [join(root, "src/exports/schema.ts")],
          revline: [join(root, "src/operations/operations.ts")],
        },
      },
      include: ["*.ts"],
      exclude: [],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const models = fc.sample(metadata, { numRuns: 60, seed: SEED });
    await Promise.all(
      models.map((given, at) => writeFile(join(folder, `models${at}.ts`), renderModels(given))),
    );
    const operations = fc.sample(operation, { numRuns: 400, seed: SEED });
    const source = {
      revision: "a",
      downRevision: null,
      message: "types",
      created: new Date(0),
      upgrade: operations,
      downgrade: [],
    };
    await writeFile(join(folder, "revision.ts"), renderRevision(source));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const answer = await promisify(execFile)(process.execPath, [tsc, "-p", folder], {
      maxBuffer: 1e8,
    }).then(
      () => "",
      (error: unknown) =>
        typeof error === "object" && error !== null && "stdout" in error
          ? String(error.stdout)
          : String(error),
    );
    expect(answer.split("\n").filter((line) => !line.includes("/src/"))).toEqual([""]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
