import { dirname, join, resolve, sep } from "node:path";
import { isRevlineError, RevlineError } from "../errors.ts";
import { joinParts, revisionParts, type RevisionSource } from "../render/index.ts";
import { placeRevision } from "../revisions/create.ts";
import { revisionFileName } from "../revisions/file-name.ts";
import { readHeader } from "../revisions/header.ts";
import { newRevisionId } from "../revisions/id.ts";
import { RevisionMap } from "../revisions/revision-map.ts";
import { revisionOf, whereIs } from "../revisions/revision.ts";
import type { ScriptDirectory } from "../revisions/script-directory.ts";
import { displayPath } from "../util/display-path.ts";
import type { RevisionDirective } from "./directives.ts";
import type { Environment } from "./environment.ts";

/** A revision file before it is written. */
export interface NewRevision {
  readonly revision: string;
  readonly downRevisions: readonly string[];
  readonly path: string;
  readonly text: string;
}

/**
 * Makes a revision file's text, checked against the graph. Writes nothing.
 *
 * @throws RevlineError multiple-heads, revision-not-found, revision-invalid, revision-duplicate, usage
 */
export function composeRevision(
  environment: Environment,
  scripts: ScriptDirectory,
  directive: RevisionDirective,
): NewRevision {
  const { message, heads, splice, branchLabels, upgrade, downgrade, imports } = directive;
  const { downRevisions, dependsOn } = placeRevision(scripts.map, {
    heads,
    splice,
    dependsOn: directive.dependsOn,
  });
  const revision = directive.revisionId ?? newRevisionId();
  if (scripts.map.has(revision)) {
    throw new RevlineError(
      "revision-duplicate",
      `Revision id "${revision}" is taken by ${displayPath(whereIs(scripts.map.get(revision)))}.`,
      {
        hint: "Choose another --rev-id, or leave it out.",
      },
    );
  }
  // the graph with it: refuses a label that is taken, and what cannot be an id or a label
  const grown = new RevisionMap([
    ...scripts.map.revisions,
    revisionOf(revision, { downRevisions, branchLabels, dependsOn, message }),
  ]);
  const [parent, ...others] = downRevisions;
  const folder = folderFor(environment, scripts, directive.versionPath, parent);
  const {
    language = "typescript",
    revisionTemplate,
    renderItem,
    templateArgs = {},
  } = environment.config;
  const { fileTemplate: template, timezone, truncateSlugLength: longestSlug } = environment.config;
  const created = new Date();
  const naming = {
    created,
    ...(template === undefined ? {} : { template }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(longestSlug === undefined ? {} : { longestSlug }),
    extension: language === "javascript" ? ".js" : ".ts",
  };
  const textOf = (source: RevisionSource): string => {
    const parts = revisionParts(source);
    const text = joinParts(parts);
    if (revisionTemplate === undefined) return text;
    const made: unknown = revisionTemplate({ ...parts, text }, templateArgs);
    if (typeof made === "string" && isAbout(made, revision)) return made;
    throw new RevlineError(
      "config-failed",
      "`revisionTemplate` of the config made no revision file.",
      { hint: "Return text that holds the lines of `constants` as they are given." },
    );
  };
  return {
    revision: grown.get(revision).id,
    downRevisions,
    path: join(folder, revisionFileName(revision, message, naming)),
    text: textOf({
      revision,
      downRevision: parent === undefined ? null : others.length === 0 ? parent : downRevisions,
      branchLabels,
      dependsOn,
      message: message.trim() === "" ? "empty message" : message,
      created,
      ...(timezone === undefined ? {} : { timezone }),
      upgrade,
      downgrade,
      imports,
      language,
      ...(renderItem === undefined ? {} : { renderItem }),
      ...functionsOf(environment, directive),
    }),
  };
}

/** With `multidb` every database has functions, also where there is nothing to do. */
function functionsOf(
  { databases, section }: Environment,
  { databases: several, upgrade, downgrade }: RevisionDirective,
): Pick<RevisionSource, "databases"> {
  if (databases === undefined) return {};
  const given = several ?? (section === undefined ? [] : [{ name: section, upgrade, downgrade }]);
  const nothing = { upgrade: [], downgrade: [] };
  return {
    databases: databases.map(
      (name) => given.find((database) => database.name === name) ?? { name, ...nothing },
    ),
  };
}

function isAbout(text: string, revision: string): boolean {
  try {
    return readHeader(text, "revision").id === revision;
  } catch (error) {
    if (isRevlineError(error)) return false;
    throw error;
  }
}

/** @throws RevlineError usage */
function folderFor(
  environment: Environment,
  { folders, map }: ScriptDirectory,
  wanted: string | undefined,
  parent: string | undefined,
): string {
  if (wanted !== undefined) {
    const folder = [resolve(environment.migrations, wanted), resolve(environment.cwd, wanted)].find(
      (path) => folders.includes(path),
    );
    if (folder !== undefined) return folder;
    throw new RevlineError("usage", `${wanted} is not a folder of revisions.`, {
      hint: `Folders: ${folders.map(displayPath).join(", ")}; more can be named in \`versionLocations\` of the config.`,
    });
  }
  const path = parent === undefined ? undefined : map.get(parent).path;
  const [first = environment.migrations] = folders;
  if (path === undefined) return first;
  // the parent may be in a folder inside of a location: the innermost of those that hold it
  const around = folders.filter((folder) => `${dirname(path)}${sep}`.startsWith(`${folder}${sep}`));
  return around.toSorted((a, b) => b.length - a.length)[0] ?? first;
}
