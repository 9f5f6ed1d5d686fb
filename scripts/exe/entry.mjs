// The executable's main file: bin/migrate.js with everything that npm would have put beside it.
import { createRequire } from "node:module";
import { join } from "node:path";
import createJitiCore from "../../node_modules/jiti/dist/jiti.cjs";
import { main } from "../../src/cli/index.ts";
import { setNativeBinding } from "../../src/dialects/sqlite/driver.ts";
import { bundleModules } from "../../src/util/load-module.ts";
import { packageFolder } from "./files.mjs";

const nativeImport = (id) => import(id);

function createJiti(from, options = {}) {
  // The compiler is one and a half megabytes of code: only a file that has to be compiled asks for it.
  const transform = (...args) => require("../../node_modules/jiti/dist/babel.cjs")(...args);
  const onError = (error) => {
    throw error;
  };
  return createJitiCore(from, { transform, ...options }, { onError, nativeImport, createRequire });
}

bundleModules(
  {
    revline: () => import("../../src/index.ts"),
    "revline/schema": () => import("../../src/exports/schema.ts"),
  },
  () => Promise.resolve(createJiti),
);

// Loaded when the first database is opened, not for `--help`.
let addon;
const loadAddon = () => {
  if (addon === undefined) {
    const holder = { exports: {} };
    process.dlopen(holder, join(packageFolder, "better_sqlite3.node"));
    addon = holder.exports;
  }
  return addon;
};
setNativeBinding(
  new Proxy(
    {},
    {
      get: (_, name) => Reflect.get(loadAddon(), name),
      set: (_, name, value) => Reflect.set(loadAddon(), name, value),
    },
  ),
);

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
