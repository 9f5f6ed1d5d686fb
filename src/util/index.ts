/**
 * Small tools without a word of the domain: equality, sorting, text. May import `errors` only; loading
 * of user modules (`load-module.ts`) is the one place here that touches the disk.
 */
export * from "./equal.ts";
export * from "./topological-sort.ts";
