/**
 * The configuration and what it leads to: the composition root that the commands start from. May import
 * everything below it; never prints and never exits.
 */
export { defineConfig, type Config, type ConfigContext, type ConfigFunction, type DatabaseConfig, type FilterSubject, type ObjectKind } from "./config.ts";
export { Environment, type EnvironmentOptions } from "./environment.ts";
export { filterMetaData } from "./filter.ts";
export { type Reporter } from "./reporter.ts";
export { absoluteUrl } from "./url.ts";
