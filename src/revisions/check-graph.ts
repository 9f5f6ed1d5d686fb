import { RESERVED_IDENTIFIERS, whereIs, type Revision } from "./revision.ts";
import { RevlineError } from "../errors.ts";

const ILLEGAL = /[@\-+:]/;

function checkName(name: string, what: string, revision: Revision): void {
  if (RESERVED_IDENTIFIERS.includes(name)) {
    throw new RevlineError(
      "revision-invalid",
      `The ${what} "${name}" in ${whereIs(revision)} is a reserved word.`,
      {
        hint: `Choose another ${what}: head, heads, base and current have meanings of their own.`,
      },
    );
  }
  // a label with a - or + is found all the same, as in Alembic; @ and : always part it
  const [illegal, signs] = what === "revision id" ? [ILLEGAL, "@ - + :"] : [/[@:]/, "@ :"];
  if (name === "" || illegal.test(name)) {
    throw new RevlineError(
      "revision-invalid",
      `The ${what} "${name}" in ${whereIs(revision)} is empty or holds one of ${signs}.`,
      {
        hint: "Use letters, digits and underscores.",
      },
    );
  }
}

function duplicate(what: string, first: Revision, second: Revision): RevlineError {
  return new RevlineError(
    "revision-duplicate",
    `${what} is in two files: ${whereIs(first)} and ${whereIs(second)}.`,
    {
      hint: "Give one of them another one, or delete the copy.",
      details: [whereIs(first), whereIs(second)],
    },
  );
}

/** Ids and labels share one name space: each name must mean one revision. Ids come first. */
export function nameRevisions(revisions: readonly Revision[]): ReadonlyMap<string, Revision> {
  const names = new Map<string, Revision>();
  for (const revision of revisions) {
    checkName(revision.id, "revision id", revision);
    const other = names.get(revision.id);
    if (other !== undefined) throw duplicate(`Revision "${revision.id}"`, other, revision);
    names.set(revision.id, revision);
  }
  for (const revision of revisions) {
    for (const label of revision.branchLabels) {
      checkName(label, "branch label", revision);
      const other = names.get(label);
      if (other !== undefined) throw duplicate(`The name "${label}"`, other, revision);
      names.set(label, revision);
    }
  }
  return names;
}

/** The error for a revision that names a parent or dependency which no file has. */
export function missingParent(
  revision: Revision,
  missing: string,
  what: "downRevision" | "dependsOn",
): RevlineError {
  return new RevlineError(
    "revision-missing-parent",
    `${whereIs(revision)} has ${what} "${missing}", which no revision file has.`,
    {
      hint: `Bring the file of "${missing}" back, or correct ${what} (full ids, or labels in dependsOn).`,
      details: [`file: ${whereIs(revision)}`, `missing: ${missing}`],
    },
  );
}

/**
 * The longest way from each revision down to the bottom, over all parents; an ancestor's is always smaller.
 *
 * @throws RevlineError revision-cycle
 */
export function levels(
  ids: readonly string[],
  parents: (id: string) => readonly string[],
  children: (id: string) => readonly string[],
): ReadonlyMap<string, number> {
  const waiting = new Map(ids.map((id): [string, number] => [id, parents(id).length]));
  const found = new Map<string, number>();
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    found.set(
      id,
      parents(id).reduce((level, parent) => Math.max(level, (found.get(parent) ?? 0) + 1), 0),
    );
    for (const child of children(id)) {
      const left = (waiting.get(child) ?? 0) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  const first = ids.find((id) => !found.has(id));
  if (first === undefined) return found;
  const cycle = cycleFrom(first, (id) => parents(id).filter((parent) => !found.has(parent)));
  throw new RevlineError(
    "revision-cycle",
    `Revisions depend on one another in a circle: ${cycle.join(" -> ")}.`,
    {
      hint: "Correct downRevision or dependsOn in one of these files.",
      details: cycle.slice(1),
    },
  );
}

/** From a revision that cannot be reached, down until one comes a second time. */
function cycleFrom(start: string, parents: (id: string) => readonly string[]): readonly string[] {
  const way: string[] = [];
  for (let id: string | undefined = start; id !== undefined; id = parents(id)[0]) {
    const before = way.indexOf(id);
    if (before >= 0) return [...way.slice(before), id].toReversed();
    way.push(id);
  }
  return way;
}
