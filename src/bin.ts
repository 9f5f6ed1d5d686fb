/**
 * What `bin/migrate.js` runs. The build bundles it into a few files, for a start without a hundred small
 * ones; a user's models then get the very modules that the bundle holds.
 */
import { bundleModules } from "./util/load-module.ts";

bundleModules({
  revline: () => import("./index.ts"),
  "revline/schema": () => import("./exports/schema.ts"),
});

export { main } from "./cli/index.ts";
