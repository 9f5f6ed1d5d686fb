import { expect } from "vitest";
import { migrate, writeFiles, type CliOptions, type CliResult } from "./cli.ts";

/** How the program is run that does the main job. */
export type Runner = Omit<CliOptions, "timeout" | "input" | "signal">;

/**
 * The main job, as a person does it: init, autogenerate, upgrade, edit, autogenerate, upgrade, downgrade, upgrade;
 * and in between what `check`, `current` and `history` say. The models may be edited while nothing runs only.
 */
export async function doMainJob(runner: Runner): Promise<void> {
  const run = (...args: readonly string[]): Promise<CliResult> => migrate(args, runner);
  const succeed = async (...args: readonly string[]): Promise<CliResult> => {
    const result = await run(...args);
    expect(result.code, `migrate ${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
    return result;
  };

  await succeed("init");
  await writeFiles(runner.cwd, { "models.ts": models("") });
  await succeed("revision", "--autogenerate", "-m", "initial");
  await succeed("upgrade", "head");
  await succeed("check");

  await writeFiles(runner.cwd, {
    "models.ts": models('phoneNumber = t.varchar(20, "phone_number");'),
  });
  const difference = await run("check");
  expect(difference.code).toBe(2);
  expect(difference.stdout).toContain("phone_number");
  await succeed("revision", "--autogenerate", "-m", "add phone number");
  await succeed("upgrade", "head");
  await succeed("check");

  await succeed("downgrade", "-1");
  expect((await run("current", "--check-heads")).code).toBe(2);
  await succeed("upgrade", "head");
  await succeed("current", "--check-heads");
  await succeed("check");
  expect((await succeed("current")).stdout).toMatch(/^[0-9a-f]{12}\b/m);
  expect((await succeed("history")).stdout).toContain("add phone number");
  await succeed("downgrade", "base");
}

function models(more: string): string {
  return `import { Model, table, t } from "revline/schema";

export const organisations = table("organisations", {
  id: t.integer().identity().primaryKey(),
  name: t.varchar(100).notNull().unique(),
});

export class User extends Model {
  static override table = "users";
  id = t.integer().identity().primaryKey();
  email = t.varchar(255).notNull().unique();
  organisationId = t.integer("organisation_id").references("organisations.id", { onDelete: "set null" });
  ${more}
}
`;
}
