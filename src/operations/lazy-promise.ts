/**
 * A promise whose work starts when somebody waits for it. A query of a revision that nobody awaits is
 * therefore never run half-way, and can be told from one that was.
 */
export class LazyPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = "Promise";
  readonly #work: () => Promise<T>;
  #started: Promise<T> | undefined;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  #start(): Promise<T> {
    this.#started ??= this.#work();
    return this.#started;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- being a promise is the point
  then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#start().then(onfulfilled, onrejected);
  }

  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#start().catch(onrejected);
  }

  finally(onfinally?: (() => void) | null): Promise<T> {
    return this.#start().finally(onfinally);
  }
}
