import { relative } from "node:path";

/** A path as a person would type it here: relative where it lies below the working directory. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  if (path === "") return ".";
  return path.startsWith("..") ? file : path;
}
