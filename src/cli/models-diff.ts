import { renderModels } from "../render/index.ts";
import type { MetaData } from "../schema/types.ts";
import type { Style } from "./style.ts";

/** Both sides as models, as a unified diff. */
export async function modelsDiff(
  from: MetaData,
  to: MetaData,
  names: { readonly from: string; readonly to: string },
  style: Style,
): Promise<string> {
  const { createTwoFilesPatch } = await import("diff");
  const patch = createTwoFilesPatch(
    names.from,
    names.to,
    renderModels(from),
    renderModels(to),
    undefined,
    undefined,
    { context: 3 },
  );
  return patch
    .split("\n")
    .slice(1)
    .map((line) => {
      if (line.startsWith("+")) return style.added(line);
      if (line.startsWith("-")) return style.removed(line);
      return line.startsWith("@@") ? style.dim(line) : line;
    })
    .join("\n")
    .trimEnd();
}
