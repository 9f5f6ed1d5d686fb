import { test } from "../../commands/test.ts";
import type { Action } from "../action.ts";
import { count } from "../count.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const last = options.text("last");
  const result = await test({
    ...environment,
    ...options.optional("revRange", "range"),
    ...options.optional("scratchUrl", "scratchUrl"),
    ...(last === undefined ? {} : { last: last.trim() === "" ? Number.NaN : Number(last) }),
  });
  const { applied, tested, problems } = result;
  const lines = problems.flatMap(({ revision, problem, differences }) => [
    `${terminal.out.error("x")} ${revision === null ? "" : `${revision}: `}${problem}`,
    ...differences.map((difference) => `    ${difference}`),
  ]);
  terminal.say(
    `${count(applied, "revision")} applied to an empty database, ${tested.length} taken down and up again.`,
  );
  return {
    result,
    text: result.passed ? "The revisions are sound." : lines.join("\n"),
    exitCode: result.passed ? 0 : 2,
  };
};
