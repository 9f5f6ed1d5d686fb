import type { Action } from "./action.ts";

/** One option of a command, in commander's notation. */
export interface OptionDefinition {
  readonly flags: string;
  readonly description: string;
  /** May be given several times. */
  readonly repeatable?: boolean;
}

/** One command: what its help says, and the module that does it. */
export interface CommandDefinition {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly arguments?: string;
  readonly summary: string;
  readonly options?: readonly OptionDefinition[];
  /** It writes to a database: at Ctrl-C it is waited for until it has stopped in order. */
  readonly stopsInOrder?: boolean;
  /** What to type when an argument is missing. */
  readonly example?: string;
  readonly load: () => Promise<{ readonly action: Action }>;
}

const MESSAGE: OptionDefinition = {
  flags: "-m, --message <text>",
  description: "what the revision does",
};
const BRANCH_LABEL: OptionDefinition = {
  flags: "--branch-label <label>",
  description: "name the branch that starts here",
  repeatable: true,
};
const REVISION_ID: OptionDefinition = {
  flags: "--rev-id <id>",
  description: "use this revision id",
};
const SPLICE: OptionDefinition = {
  flags: "--splice",
  description: "allow a parent that is not a head",
};
const SQL: OptionDefinition = { flags: "--sql", description: "print the SQL, change nothing" };
const SQL_OF_RANGE: OptionDefinition = {
  flags: "--sql",
  description: "print the SQL, change nothing; for from:to without a connection",
};
const TAG: OptionDefinition = {
  flags: "--tag <text>",
  description: "text for the revisions to read",
};
const YES: OptionDefinition = {
  flags: "-y, --yes",
  description: "agree to the loss of data ahead, ask nothing",
};
const RENAME: OptionDefinition = {
  flags: "--rename <old:new>",
  description: "a table (old:new) or column (table.old:new) was renamed",
  repeatable: true,
};
const ANSWERS: OptionDefinition = {
  flags: "--answers <file>",
  description: "decisions about renames, as JSON",
};
const STRICT_RENAMES: OptionDefinition = {
  flags: "--strict-renames",
  description: "fail (exit 2) rather than guess that a likely rename is none",
};

const ABORT: OptionDefinition = {
  flags: "--abort",
  description: "undo what was applied of a revision that was not finished",
};

/** All commands, in the order of the help. */
export const DEFINITIONS: readonly CommandDefinition[] = [
  {
    name: "init",
    arguments: "[directory]",
    summary: "write migrate.config.ts and migrations/",
    options: [
      {
        flags: "-t, --template <name>",
        description: "the template: a name of list-templates, or a folder of your own",
      },
      {
        flags: "--package",
        description: "accepted as Alembic has it; the folder is a package anyway",
      },
      { flags: "--force", description: "overwrite files that exist" },
    ],
    load: () => import("./actions/init.ts"),
  },
  {
    name: "revision",
    summary: "write a new revision file",
    options: [
      MESSAGE,
      {
        flags: "--autogenerate",
        description: "fill it with the difference between the database and the models",
      },
      {
        flags: "--skip-empty",
        description: "with --autogenerate: write no file when there is no difference",
      },
      RENAME,
      ANSWERS,
      STRICT_RENAMES,
      { flags: "--sql", description: "print the revision, write no file" },
      {
        flags: "--head <revision>",
        description: "the parent: a head, or another revision with --splice",
      },
      SPLICE,
      BRANCH_LABEL,
      { flags: "--version-path <folder>", description: "the folder of the new file" },
      REVISION_ID,
      {
        flags: "--depends-on <revision>",
        description: "a revision of another branch that must be applied before",
        repeatable: true,
      },
    ],
    load: () => import("./actions/revision.ts"),
  },
  {
    name: "upgrade",
    stopsInOrder: true,
    arguments: "<revision>",
    summary: "apply revisions: head, an id, +2",
    options: [
      SQL_OF_RANGE,
      { flags: "--dry-run", description: "show the plan and its SQL, change nothing" },
      YES,
      ABORT,
      TAG,
    ],
    example: "migrate upgrade head",
    load: () => import("./actions/upgrade.ts"),
  },
  {
    name: "downgrade",
    stopsInOrder: true,
    arguments: "<revision>",
    summary: "take revisions back: base, an id, -1",
    options: [
      SQL_OF_RANGE,
      { flags: "--dry-run", description: "show the plan and its SQL, change nothing" },
      YES,
      ABORT,
      TAG,
    ],
    example: "migrate downgrade -1",
    load: () => import("./actions/downgrade.ts"),
  },
  {
    name: "current",
    summary: "show the revision the database is at",
    options: [
      { flags: "--check-heads", description: "exit 2 when the database is not at the heads" },
    ],
    load: () => import("./actions/current.ts"),
  },
  {
    name: "history",
    summary: "list the revisions, newest first",
    options: [
      {
        flags: "-r, --rev-range <start:end>",
        description: "only this range; an end may be left out",
      },
      { flags: "-i, --indicate-current", description: "mark what the database is at" },
      { flags: "--applied", description: "what was applied instead: when, by whom, how long" },
    ],
    load: () => import("./actions/history.ts"),
  },
  {
    name: "heads",
    summary: "show the revisions that have no child",
    options: [{ flags: "--resolve-dependencies", description: "count dependsOn as a parent too" }],
    load: () => import("./actions/heads.ts"),
  },
  {
    name: "branches",
    summary: "show the revisions with several children",
    load: () => import("./actions/branches.ts"),
  },
  {
    name: "show",
    arguments: "<revision...>",
    summary: "show a revision in full",
    example: "migrate show head",
    load: () => import("./actions/show.ts"),
  },
  {
    name: "stamp",
    stopsInOrder: true,
    arguments: "<revision...>",
    summary: "write the version table, run nothing",
    options: [
      SQL_OF_RANGE,
      TAG,
      { flags: "--purge", description: "forget what the version table holds first" },
    ],
    example: "migrate stamp head",
    load: () => import("./actions/stamp.ts"),
  },
  {
    name: "merge",
    arguments: "<revision...>",
    summary: "write a revision that joins several heads",
    options: [MESSAGE, BRANCH_LABEL, REVISION_ID, SPLICE],
    example: "migrate merge heads",
    load: () => import("./actions/merge.ts"),
  },
  {
    name: "edit",
    arguments: "<revision>",
    summary: "open a revision file in $VISUAL or $EDITOR",
    example: "migrate edit head",
    load: () => import("./actions/edit.ts"),
  },
  {
    name: "check",
    summary: "does the database match the models?",
    options: [RENAME],
    load: () => import("./actions/check.ts"),
  },
  {
    name: "diff",
    arguments: "[from] [to]",
    summary: "compare URLs, models files, revisions",
    options: [
      { flags: "--sql", description: "as SQL that makes FROM into TO" },
      { flags: "--exit-code", description: "exit 2 when they differ" },
      RENAME,
    ],
    load: () => import("./actions/diff.ts"),
  },
  {
    name: "introspect",
    aliases: ["pull"],
    summary: "write a live database as models",
    options: [
      { flags: "--out <file>", description: "write this file (default: stdout)" },
      { flags: "--split", description: "a file for each table; --out is their folder" },
      { flags: "--schema <name>", description: "read this schema alone", repeatable: true },
      { flags: "--force", description: "overwrite the file when it exists" },
    ],
    load: () => import("./actions/introspect.ts"),
  },
  {
    name: "status",
    summary: "everything about the database at a glance",
    load: () => import("./actions/status.ts"),
  },
  {
    name: "unlock",
    summary: "take the lock from another deployer",
    options: [{ flags: "--yes", description: "do not ask" }],
    load: () => import("./actions/unlock.ts"),
  },
  {
    name: "validate",
    summary: "are the files those that were applied?",
    load: () => import("./actions/validate.ts"),
  },
  {
    name: "test",
    stopsInOrder: true,
    summary: "run the newest revisions on a scratch database",
    options: [
      { flags: "--last <n>", description: "how many go down and up again (default: 1)" },
      {
        flags: "-r, --rev-range <start:end>",
        description: "these revisions instead; an end may be left out",
      },
      {
        flags: "--scratch-url <url>",
        description: "an empty database for it (default: one is made and dropped)",
      },
    ],
    load: () => import("./actions/test.ts"),
  },
  {
    name: "ensure-version",
    stopsInOrder: true,
    summary: "create the version table when it is missing",
    options: [SQL],
    load: () => import("./actions/ensure-version.ts"),
  },
  {
    name: "list-templates",
    summary: "list the templates of init",
    load: () => import("./actions/list-templates.ts"),
  },
];
