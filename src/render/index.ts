/**
 * TypeScript out: operations as revision files, a MetaData as models. Text made from plain data, laid out as
 * prettier would. May import `util`, `schema`, `operations` and the contract of `objects`; knows no database,
 * reads and writes no file, never runs what it makes.
 */
export type { RenderContext, RenderedItem, RenderItem } from "./render-item.ts";
export {
  joinParts,
  renderRevision,
  revisionParts,
  type DatabaseOperations,
  type Language,
  type RevisionParts,
  type RevisionSource,
} from "./revision.ts";
export type { ModelsOptions } from "./declarations.ts";
export { renderModelFiles, renderModels, type ModelFile } from "./models.ts";
