/**
 * A stream of decisions that a list of numbers makes: number 0 is the plainest answer, and a list that has
 * run out answers 0 for ever. So a smaller list is a smaller schema, and fast-check can shrink it.
 */
export class Choices {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  next(): number {
    const value = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return limit <= 0 ? 0 : this.next() % limit;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True in `percent` of all cases; number 0 says no. */
  chance(percent: number): boolean {
    return 99 - this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  /** One of a list that has at least one. */
  one<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }

  /** Some of the items, each once, at least `least` and at most `most`, in the order they were drawn. */
  some<T>(items: readonly T[], least: number, most: number): readonly T[] {
    const left = [...items];
    const count = Math.min(left.length, this.between(least, most));
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)).flat();
  }
}
