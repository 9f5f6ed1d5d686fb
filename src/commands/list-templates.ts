import { allTemplates } from "../config/templates.ts";

export interface ListTemplatesResult {
  readonly templates: readonly { readonly name: string; readonly summary: string }[];
}

/** The templates that `init` can copy. */
export async function listTemplates(): Promise<ListTemplatesResult> {
  return { templates: allTemplates().map(({ name, summary }) => ({ name, summary })) };
}
