import type { DatabaseOperations } from "../render/revision.ts";
import type { Operation, OperationKind, OperationMap } from "../operations/operation.ts";

/** A revision that is about to be written. */
export interface RevisionDirective {
  readonly message: string;
  /** What `upgrade` does. */
  readonly upgrade: readonly Operation[];
  /** What `downgrade` does. */
  readonly downgrade: readonly Operation[];
  /** With `multidb`: what the functions of each database do; `upgrade` and `downgrade` are not written. */
  readonly databases?: readonly DatabaseOperations[];
  /** Further lines of imports, whole: `import { slug } from "../slug.ts";`. */
  readonly imports: readonly string[];
  /** What it stands on: identifiers; several make a merge. */
  readonly heads: readonly string[];
  readonly splice: boolean;
  readonly branchLabels: readonly string[];
  readonly dependsOn: readonly string[];
  /** Default: twelve random hexadecimal digits. */
  readonly revisionId?: string;
  /** One of the version locations. Default: that of the parent. */
  readonly versionPath?: string;
}

/** What an edit of a revision is told. */
export interface DirectiveContext {
  /** The operations come from a comparison. */
  readonly autogenerate: boolean;
  /** False for `check` and `status`, which only look at the operations. */
  readonly writes: boolean;
  /** The `-x key=value` arguments. */
  readonly x: Readonly<Record<string, string>>;
}

/** Edits a revision before it is written. @returns the revision to write; null: none */
export type ProcessRevisionDirectives = (
  directive: RevisionDirective,
  context: DirectiveContext,
) => RevisionDirective | null;

/** What takes the place of one operation: another one, several, or none. */
export type RewriteOperation<K extends OperationKind> = (
  operation: OperationMap[K],
  context: DirectiveContext,
) => Operation | readonly Operation[];

type Rewrites = { readonly [K in OperationKind]?: RewriteOperation<K> };

/**
 * Edits operations kind by kind, of `upgrade` and of `downgrade`: each is rewritten once. Its `process` is
 * a `processRevisionDirectives`.
 *
 * @example
 * const concurrently = new Rewriter().rewrites("createIndex", (op) => ({
 *   ...op, index: { ...op.index, options: { postgresql: { concurrently: true } } },
 * }));
 * export default defineConfig({ processRevisionDirectives: concurrently.chain(other).process });
 */
export class Rewriter {
  readonly #rewrites: Rewrites;
  readonly #before: Rewriter | undefined;

  constructor(rewrites: Rewrites = {}, before?: Rewriter) {
    this.#rewrites = rewrites;
    this.#before = before;
  }

  /** One more kind of operations; a second function for the same kind takes the place of the first. */
  rewrites<K extends OperationKind>(kind: K, rewrite: RewriteOperation<K>): Rewriter {
    return new Rewriter({ ...this.#rewrites, [kind]: rewrite }, this.#before);
  }

  /** This one, and then another over what it made. */
  chain(next: Rewriter): Rewriter {
    const before = next.#before === undefined ? this : this.chain(next.#before);
    return new Rewriter(next.#rewrites, before);
  }

  readonly process = (
    directive: RevisionDirective,
    context: DirectiveContext,
  ): RevisionDirective => {
    const given = this.#before?.process(directive, context) ?? directive;
    const rewritten = (operations: readonly Operation[]): readonly Operation[] =>
      operations.flatMap((operation) => rewriteOne(this.#rewrites, operation, context));
    return {
      ...given,
      upgrade: rewritten(given.upgrade),
      downgrade: rewritten(given.downgrade),
    };
  };
}

function rewriteOne<K extends OperationKind>(
  rewrites: { readonly [P in K]?: RewriteOperation<P> },
  operation: OperationMap[K] & { readonly kind: K },
  context: DirectiveContext,
): Operation | readonly Operation[] {
  return rewrites[operation.kind]?.(operation, context) ?? operation;
}
