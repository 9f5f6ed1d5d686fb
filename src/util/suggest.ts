/** The candidate most like a mistyped word; undefined when none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(word);
  const scored = candidates.map((candidate) => ({
    candidate,
    distance: distance(wanted, plain(candidate)),
  }));
  const [best] = scored.toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** How many letters to add, take away, change, or swap with the next one (Damerau–Levenshtein). */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 0; row < a.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < b.length; column += 1) {
      const same = a[row] === b[column];
      const swapped = row > 0 && column > 0 && a[row] === b[column - 1] && a[row - 1] === b[column];
      current.push(
        Math.min(
          (previous[column] ?? 0) + (same ? 0 : 1),
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
          swapped ? (before[column - 1] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = previous;
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
