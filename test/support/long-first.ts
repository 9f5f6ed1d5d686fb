import { BaseSequencer, type TestSpecification } from "vitest/node";

// The files that take minutes, the longest first: begun last, one of them would run alone in the end.
const long = ["test/laws/laws.test.ts", "test/executable.test.ts", "test/examples.test.ts"];

/** Begins with the long files, then does as vitest does. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = long.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? long.length : place;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
