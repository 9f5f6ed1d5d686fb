/**
 * The models of `revline/schema`: `table()` values, `Model` classes, enums and `metadata()` values, as
 * a module exports them. May import `schema`; does no I/O.
 */
import { isEnumValue } from "../../schema/enum.ts";
import { isMetaDataValue, metaDataOf } from "../../schema/metadata.ts";
import { isDeclaredObject } from "../../schema/objects/declare.ts";
import { declaresTable } from "../../schema/table.ts";
import type { ModuleExports } from "../../util/load-module.ts";
import type { ModelAdapter } from "../contract.ts";

function isDeclaration(value: unknown): boolean {
  return (
    declaresTable(value) || isMetaDataValue(value) || isEnumValue(value) || isDeclaredObject(value)
  );
}

/** The exports, and what lies in a default export that is a list or an object of declarations. */
function declarationsOf(exports: ModuleExports): readonly unknown[] {
  const { default: bundle, ...named } = exports;
  const nested: readonly unknown[] =
    typeof bundle === "object" && bundle !== null && !isDeclaration(bundle)
      ? Object.values(bundle)
      : [];
  return [...Object.values(named), bundle, ...nested].filter(isDeclaration);
}

export const native: ModelAdapter = {
  name: "native",
  reads: (modules) => modules.some((exports) => declarationsOf(exports).length > 0),
  metaData: async (modules, { naming }) =>
    metaDataOf(modules.flatMap(declarationsOf), naming === undefined ? {} : { naming }),
};
