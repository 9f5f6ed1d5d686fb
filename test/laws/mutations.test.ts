import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { databases, serverUrl } from "../support/databases.ts";
import { familyOf } from "../support/kinds.ts";
import { runMutations } from "./mutations.ts";

const SCHEMA = `
CREATE TABLE author (id integer NOT NULL PRIMARY KEY, name varchar(40) NOT NULL, born date);
CREATE TABLE book (
  id integer NOT NULL PRIMARY KEY,
  author_id integer NOT NULL,
  title varchar(80) DEFAULT 'untitled' NOT NULL,
  pages integer,
  CONSTRAINT book_author FOREIGN KEY (author_id) REFERENCES author (id) ON DELETE CASCADE,
  CONSTRAINT book_pages CHECK (pages > 0)
);
CREATE INDEX book_title ON book (title, pages);
CREATE VIEW shelf AS SELECT book.title, author.name FROM book JOIN author ON author.id = book.author_id;
CREATE VIEW names AS SELECT name FROM shelf;
`;
const RUNS = 6;

it.for(databases.map((kind) => ({ kind })))(
  "takes a schema to the states that random edits make of it, and back, on $kind",
  { timeout: 10 * 60_000 },
  async ({ kind }) => {
    const corpus = await mkdtemp(join(tmpdir(), "revline-corpus-"));
    try {
      const family = familyOf[kind];
      const folder = join(corpus, "schemas", family === "mariadb" ? "mysql" : family);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "books.sql"), SCHEMA);
      const said: string[] = [];
      const isHeld = await runMutations({
        ...{ kind: family, corpus, wanted: "", runs: RUNS, seed: 5 },
        serverUrl: kind === "sqlite" ? "" : await serverUrl(kind),
        say: (text) => said.push(text),
      });
      expect(isHeld, said.join("")).toBe(true);
      const [, held] = /: (\d+) states hold/.exec(said.at(-1) ?? "") ?? [];
      expect(Number(held)).toBeGreaterThan(RUNS / 2);
    } finally {
      await rm(corpus, { recursive: true, force: true });
    }
  },
);
