/** One line of the table: the subject in multiples of the yardstick. */
export interface Row {
  readonly what: string;
  readonly yardstick: string;
  readonly ratio: number;
  /** Milliseconds, for the eye. */
  readonly subject: number;
  readonly base: number;
}

/** Runs both in turns, so that both meet the same load, and gives the medians in milliseconds. */
export async function inTurns(
  rounds: number,
  subject: () => Promise<number>,
  base: () => Promise<number>,
): Promise<{ readonly subject: number; readonly base: number; readonly ratio: number }> {
  const subjects: number[] = [];
  const bases: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    subjects.push(await subject());
    bases.push(await base());
  }
  const [one, other] = [median(subjects), median(bases)];
  return { subject: one, base: other, ratio: one / other };
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints each row when it is known. */
export async function printRows(title: string, rows: AsyncIterable<Row>): Promise<void> {
  console.log(`\n${title}`);
  for await (const { what, yardstick, ratio, subject, base } of rows) {
    const figures = `${subject.toFixed(1)} / ${base.toFixed(1)} ms`;
    console.log(
      `  ${what.padEnd(44)} ${`×${ratio.toFixed(2)}`.padStart(8)}  of ${yardstick.padEnd(44)} ${figures}`,
    );
  }
}
