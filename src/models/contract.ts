import type { MetaData, NamingConvention } from "../schema/types.ts";
import type { ModuleExports } from "../util/load-module.ts";

/** One way to declare models: what it can read, and how it becomes plain data. */
export interface ModelAdapter {
  readonly name: string;
  /** True when these modules hold declarations of this kind. */
  reads(modules: readonly ModuleExports[]): boolean;
  /**
   * All declarations of the modules.
   * @throws RevlineError with a code of the "models" group
   */
  metaData(modules: readonly ModuleExports[], options: ModelOptions): Promise<MetaData>;
}

export interface ModelOptions {
  /** For the constraints and indexes that have no name; a convention in the models wins. */
  readonly naming?: NamingConvention;
}
