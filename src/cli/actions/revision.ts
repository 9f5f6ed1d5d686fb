import { revision } from "../../commands/revision.ts";
import type { LikelyRename, Rename } from "../../compare/index.ts";
import { displayPath } from "../../util/display-path.ts";
import type { Action } from "../action.ts";
import { operationLine } from "../operation-text.ts";
import { askYesNo } from "../questions.ts";
import { saySkipped } from "../skipped-text.ts";
import type { Terminal } from "../terminal.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const result = await revision({
    ...environment,
    ...options.optional("message", "message"),
    ...options.optional("head", "head"),
    ...options.optional("revId", "revisionId"),
    ...options.optional("versionPath", "versionPath"),
    ...options.optional("answers", "answers"),
    autogenerate: options.flag("autogenerate"),
    skipEmpty: options.flag("skipEmpty"),
    renames: options.list("rename"),
    strictRenames: options.flag("strictRenames"),
    dryRun: options.flag("sql"),
    splice: options.flag("splice"),
    branchLabels: options.list("branchLabel"),
    dependsOn: options.list("dependsOn"),
    ...(terminal.interactive ? { decideRename: (likely) => askRename(likely, terminal) } : {}),
  });
  saySkipped(result.skipped, terminal);
  const { path, text, revision: id } = result;
  if (id === null) return { result, text: "There is no difference: no revision was written." };
  if (path === null) return { result, text: text ?? "" };
  const lines = result.operations.map((operation) => `  ${operationLine(operation, terminal.out)}`);
  if (options.flag("autogenerate") && lines.length === 0)
    terminal.say("There is no difference: the revision is empty.");
  return { result, text: [...lines, displayPath(path)].join("\n") };
};

async function askRename({ rename }: LikelyRename, terminal: Terminal): Promise<boolean> {
  return askYesNo(questionOf(rename), terminal);
}

function questionOf(rename: Rename): string {
  switch (rename.kind) {
    case "table":
      return `Was table ${rename.from.name} renamed to ${rename.to.name}?`;
    case "enumValue":
      return `Was value ${rename.from} of enum ${rename.enum.name} renamed to ${rename.to}?`;
    default:
      return `Was ${rename.kind} ${rename.from} of ${rename.table.name} renamed to ${rename.to}?`;
  }
}
