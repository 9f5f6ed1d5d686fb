import { spawn } from "node:child_process";
import { edit } from "../../commands/edit.ts";
import { RevlineError } from "../../errors.ts";
import { displayPath } from "../../util/display-path.ts";
import type { Action } from "../action.ts";

export const action: Action = async ({ arguments: [revision = ""], environment }) => {
  const result = await edit({ ...environment, revision });
  const editor = process.env["VISUAL"] || process.env["EDITOR"];
  if (editor === undefined || editor === "") {
    throw new RevlineError("usage", "No editor is set.", {
      hint: `Set VISUAL or EDITOR, or open the file yourself: ${result.paths.map(displayPath).join(", ")}.`,
    });
  }
  await open(editor, result.paths);
  return { result, text: result.paths.map(displayPath).join("\n") };
};

/** The variable may hold arguments too: `code --wait`. */
function open(editor: string, paths: readonly string[]): Promise<void> {
  const [program = "", ...args] = editor.split(/\s+/);
  return new Promise((done, failed) => {
    const fail = (why: string): void =>
      failed(
        new RevlineError("usage", `The editor ${program} ${why}.`, {
          hint: "Check VISUAL and EDITOR.",
        }),
      );
    const child = spawn(program, [...args, ...paths], { stdio: ["inherit", 2, 2] });
    child.on("error", (error) => fail(`could not be started (${error.message})`));
    child.on("close", (code) => (code === 0 ? done() : fail(`ended with code ${String(code)}`)));
  });
}
