// The package's own files inside the executable: templates, package.json and the SQLite addon are assets. They are
// laid once into the user's cache folder, in the shape of an installed package, and found there by the same code
// that finds them beside dist/.
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getRawAsset } from "node:sea";
import { pathToFileURL } from "node:url";

/* global __ASSETS__, __BUILD__ -- put in by scripts/build-exe.mjs */

/** The folder that stands for the installed package. */
export const packageFolder = layFiles();

/** What `import.meta.url` of a module of src/ is inside the executable. */
export function moduleUrl(file) {
  return pathToFileURL(join(packageFolder, "dist", file)).href;
}

function layFiles() {
  const places = [
    join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "revline"),
    join(tmpdir(), `revline-${process.getuid?.() ?? "files"}`),
  ];
  const problems = [];
  for (const place of places) {
    try {
      return layInto(place);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  process.stderr.write(
    `migrate: its own files can be written to no folder: ${problems.join("; ")}\nSet XDG_CACHE_HOME to a folder that is yours.\n`,
  );
  process.exit(1);
}

function layInto(place) {
  const folder = join(place, __BUILD__);
  if (!existsSync(folder)) {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    assertOwn(place);
    const fresh = mkdtempSync(join(place, "new-"));
    for (const asset of __ASSETS__.split("\n")) {
      mkdirSync(dirname(join(fresh, asset)), { recursive: true });
      writeFileSync(join(fresh, asset), new Uint8Array(getRawAsset(asset)));
    }
    chmodSync(fresh, 0o700);
    try {
      renameSync(fresh, folder);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(folder)) throw error; // otherwise another process was faster
    }
  }
  assertOwn(folder);
  return folder;
}

// Code is loaded from here: nobody else may have put it there.
function assertOwn(folder) {
  const stat = lstatSync(folder);
  const foreign =
    process.getuid !== undefined && (stat.uid !== process.getuid() || (stat.mode & 0o022) !== 0);
  if (!stat.isDirectory() || foreign) throw new Error(`${folder} belongs to somebody else`);
}
