import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "../../src/cli/program.ts";
import { DEFINITIONS } from "../../src/cli/definitions.ts";
import { VERSION } from "../../src/util/version.ts";

async function parsed(
  ...argv: string[]
): Promise<{ name: string; arguments: readonly string[]; option: (name: string) => unknown }> {
  const result = await parse(argv);
  if (result.kind === "text") throw new Error(`is text: ${result.text}`);
  const { options } = result;
  return {
    name: result.definition.name,
    arguments: result.arguments,
    option: (name) =>
      options.text(name) ??
      (options.list(name).length > 0 ? options.list(name) : options.flag(name)),
  };
}

describe("the command line", () => {
  it("takes targets that begin with a sign", async () => {
    expect((await parsed("downgrade", "-1")).arguments).toEqual(["-1"]);
    expect((await parsed("upgrade", "+2")).arguments).toEqual(["+2"]);
    expect((await parsed("show", "-12")).arguments).toEqual(["-12"]);
    expect((await parsed("downgrade", "ae10-1", "--sql")).arguments).toEqual(["ae10-1"]);
    expect((await parsed("--url", "sqlite:x", "downgrade", "--dry-run", "-1")).arguments).toEqual([
      "-1",
    ]);
    expect((await parsed("history", "-r-3:current")).option("revRange")).toBe("-3:current");
    expect((await parsed("history", "-r", "-3:current")).option("revRange")).toBe("-3:current");
    expect((await parsed("history", "--rev-range=-3:current")).option("revRange")).toBe(
      "-3:current",
    );
  });

  it("takes global options before and after the command", async () => {
    for (const argv of [
      ["--url", "sqlite:a", "-x", "a=1", "current", "-x", "b=2"],
      ["-x", "a=1", "current", "--url", "sqlite:a", "-x", "b=2"],
    ]) {
      const { option } = await parsed(...argv);
      expect(option("url")).toBe("sqlite:a");
      expect(option("x")).toEqual(["a=1", "b=2"]);
    }
    expect((await parsed("--url", "sqlite:a", "current", "--url", "sqlite:b")).option("url")).toBe(
      "sqlite:b",
    );
    for (const argv of [
      ["-v", "--json", "current"],
      ["current", "--json", "-v"],
      ["current", "-vq", "--json"],
    ]) {
      const { option } = await parsed(...argv);
      expect(option("verbose")).toBe(true);
      expect(option("json")).toBe(true);
    }
  });

  it("obeys --no-color on either side", async () => {
    for (const argv of [
      ["--no-color", "current"],
      ["current", "--no-color"],
    ]) {
      const result = await parse(argv);
      expect(result.kind === "command" && result.options.isFalse("color")).toBe(true);
    }
    const result = await parse(["current"]);
    expect(result.kind === "command" && result.options.isFalse("color")).toBe(false);
  });

  it("knows Alembic's spellings and aliases", async () => {
    expect((await parsed("ensure_version")).name).toBe("ensure-version");
    expect((await parsed("list_templates")).name).toBe("list-templates");
    expect((await parsed("pull")).name).toBe("introspect");
    expect((await parsed("revision", "-m", "ensure_version")).option("message")).toBe(
      "ensure_version",
    );
  });

  it.each([
    [["upgrad", "head"], "Did you mean `migrate upgrade`?"],
    [["nonsense"], "Run `migrate --help` for the list of commands."],
    [["revision", "--autogenrate"], "Did you mean --autogenerate?"],
    [["upgrade"], "For instance: migrate upgrade head"],
    [["downgrade"], "For instance: migrate downgrade -1"],
    [["heads", "extra"], "Run `migrate heads --help`."],
    [["revision", "-m"], "Run `migrate revision --help`."],
    [[], "Run `migrate --help` for the list of commands."],
  ])("answers %j with a hint", async (argv, hint) => {
    await expect(parse(argv)).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining(hint),
      message: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it("prints help and version as text", async () => {
    const help = await parse(["--help"]);
    const text = help.kind === "text" ? help.text : "";
    for (const { name } of DEFINITIONS) expect(text).toContain(`  ${name}`);
    expect(text).toContain("Exit codes: 0");
    expect(await parse(["--version"])).toEqual({ kind: "text", text: `${VERSION}\n` });
    const own = await parse(["upgrade", "--help"]);
    expect(own.kind === "text" && own.text).toContain("Example: migrate upgrade head");
    expect(await parse(["help", "upgrade"])).toEqual(own);
  });

  it("has the version of package.json", () => {
    const { version } = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    );
    expect(VERSION).toBe(version);
  });
});
