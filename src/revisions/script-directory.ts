import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readHeader } from "./header.ts";
import { RevisionMap } from "./revision-map.ts";
import type { Revision } from "./revision.ts";
import { messageOf, RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";

/** Loads a module of the user's; `loadModule` of `util` with its options filled in. */
export type LoadRevisionModule = (path: string) => Promise<Readonly<Record<string, unknown>>>;

const SCRIPT = /^(?!\.)(?<stem>.+)\.(?<extension>[mc]?[tj]s)$/;

/** The revision files of a folder, sorted by name: declarations, dotfiles and compiled twins are none. */
function scriptsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => SCRIPT.test(name) && !/\.d\.[mc]?ts$/.test(name));
  const sources = new Set(names.filter((name) => name.endsWith("ts")));
  const isTwin = (name: string): boolean =>
    name.endsWith("js") && sources.has(`${name.slice(0, -2)}ts`);
  return names.filter((name) => !isTwin(name)).toSorted();
}

function readSource(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new RevlineError(
      "revision-invalid",
      `${displayPath(path)} cannot be read: ${messageOf(error)}`,
      {
        hint: "Check the file's permissions.",
        cause: error,
      },
    );
  }
}

/** A folder and, from the top down, all that is in it; what begins with a dot and packages are left out. */
function withFoldersIn(folder: string): readonly string[] {
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .map(({ name }) => join(folder, name))
    .toSorted();
  return [folder, ...inside.flatMap(withFoldersIn)];
}

/** Reads the headers of all revision files of the given folders, in load order. Nothing is run. */
function readRevisions(folders: readonly string[]): readonly Revision[] {
  return folders.flatMap((folder) =>
    scriptsIn(folder).map((name) => {
      const path = join(folder, name);
      return readHeader(readSource(path), path);
    }),
  );
}

/** Where revisions are, other than in `versions`. */
export interface VersionLocations {
  readonly versionLocations?: readonly string[];
  readonly recursive?: boolean;
}

/** The folder of revisions as it is on disk. */
export class ScriptDirectory {
  /** Where new revisions go: `versions` in the migrations folder, unless other folders are configured. */
  readonly folders: readonly string[];
  readonly map: RevisionMap;

  private constructor(folders: readonly string[], map: RevisionMap) {
    this.folders = folders;
    this.map = map;
  }

  /**
   * Reads a migrations folder.
   *
   * @param migrations the folder that holds `versions`
   * @param locations `versionLocations`: other folders of revisions, instead of `versions`; relative ones are
   *   in `migrations`; `recursive`: the folders in them too
   * @throws RevlineError migrations-not-found, revision-invalid, revision-duplicate, revision-missing-parent, revision-cycle
   */
  static open(migrations: string, locations: VersionLocations = {}): ScriptDirectory {
    const { versionLocations = ["versions"], recursive = false } = locations;
    if (!existsSync(migrations)) {
      throw new RevlineError(
        "migrations-not-found",
        `The folder of the revisions, ${displayPath(migrations)}, does not exist.`,
        {
          hint: "Run `migrate init` to make it, or correct `migrations` in the config.",
        },
      );
    }
    const folders = versionLocations.map((path) => resolve(migrations, path));
    // an empty folder is not kept by git
    const there = folders.filter((folder) => existsSync(folder));
    const read = recursive ? [...new Set(there.flatMap(withFoldersIn))] : there;
    return new ScriptDirectory(folders, new RevisionMap(readRevisions(read)));
  }
}
