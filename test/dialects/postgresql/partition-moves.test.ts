import { expect, it } from "vitest";
import { onPostgresql, walk } from "../../objects/walk.ts";
import { evaluateModels } from "../../render/run-models.ts";
import { renderModels } from "../../../src/render/index.ts";
import {
  desc,
  foreignKey,
  index,
  primaryKey,
  t,
  table,
  type TableItem,
} from "../../../src/schema/index.ts";

const person = table("person", { id: t.integer().primaryKey() });

onPostgresql((now) => {
  it("a partition is let go whatever its indexes and keys are called, also by each other's name", async () => {
    const { flow, place } = now;
    await place.query(`CREATE TABLE person (id integer PRIMARY KEY);
      CREATE TABLE events (id integer NOT NULL, kind text, person integer) PARTITION BY LIST (id);
      CREATE TABLE events_1 (id integer NOT NULL, kind text, person integer CONSTRAINT "own 100%" REFERENCES person);
      CREATE INDEX events_1_kind_idx1 ON events_1 (kind);
      CREATE INDEX events_1_kind_idx ON events_1 (kind DESC);
      ALTER TABLE events_1 ADD CONSTRAINT odd PRIMARY KEY (id);
      ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES IN (1);
      CREATE INDEX a ON events (kind);
      CREATE INDEX b ON events (kind DESC);
      ALTER TABLE events ADD PRIMARY KEY (id), ADD CONSTRAINT of_person FOREIGN KEY (person) REFERENCES person`);
    const before = evaluateModels(renderModels(await flow.reflect()));
    const columns = { id: t.integer(), kind: t.text(), person: t.integer() };
    const apart = table("events_1", columns, {
      with: (c) => [
        primaryKey("alone", [c.id]),
        index("up").on(c.kind),
        index("down").on(desc(c.kind)),
        foreignKey([c.person], ["person.id"], { name: "key" }),
      ],
    });
    expect(await flow.check(before)).toEqual([]);
    await walk(flow, place, [[person, apart]]);
    expect(flow.statements.join("\n")).toContain('RENAME TO "up"');
  });

  it("a table that is let go keeps or leaves the foreign keys of its parent", async () => {
    const id = { id: t.integer() };
    const state = (isPartition: boolean, ...keys: readonly string[]): readonly unknown[] => {
      const keyOf = (name: string): readonly TableItem[] =>
        keys.includes(name) ? [foreignKey(["id"], ["person.id"], { name: "of_person" })] : [];
      const parted = { partitionBy: "LIST (id)" };
      const place = { partitionOf: "events", values: "FOR VALUES IN (1)" };
      return [
        person,
        table("events", id, { postgresql: parted, with: () => keyOf("events") }),
        isPartition
          ? table("events_1", {}, { postgresql: place })
          : table("events_1", id, { with: () => keyOf("events_1") }),
      ];
    };
    const states = [
      state(true, "events"),
      state(false),
      state(true, "events"),
      state(false, "events_1"),
      state(true, "events"),
      state(false, "events", "events_1"),
      state(true),
    ];
    expect(await walk(now.flow, now.place, states)).toBe(states.length);
  });
});
