/**
 * From two canonical MetaData to the operations that make one the other. Pure: knows no database and
 * does no I/O; may import `util`, `schema`, `operations` and the contracts of `dialects` and `objects`.
 */
export { compare, type CompareOptions, type Comparison } from "./compare.ts";
export { type ColumnJudges, type ComparedColumn, type Judge } from "./judge.ts";
export { likelyRenames, type LikelyRename } from "./likely-renames.ts";
export { findRename, parseRename } from "./parse-rename.ts";
export type { Rename } from "./renames.ts";
export { nameItems } from "./names.ts";
