import { expect, it } from "vitest";
import { onPostgresql, walkEach } from "./walk.ts";
import { Bench } from "../dialects/postgresql/support.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { metaDataOf, sequence, sequenceOf, sql, t, table } from "../../src/schema/index.ts";

const next = (name: string) => sql`nextval(${sql.raw(`'${name}'`)})`;
const plain = table("orders", { id: t.integer().notNull().default(next("orders_id_seq")) });
const identity = table("orders", { id: t.integer().notNull().identity({ always: true }) });
const serial = table("orders", { id: t.integer().notNull().identity({ serial: true }) });
const own = sequence("orders_id_seq", { start: 5, maxValue: 1000 });

walkEach(
  "a sequence of its own and one of a column under one name",
  {
    "the column becomes an identity, or serial, and comes back": [
      [plain, own],
      [identity],
      [plain, own],
      [serial],
      [plain, own],
    ],
    "the column, or its table, comes and goes": [
      [sequence("orders_id_seq"), sequence("orders_id_seq", { schema: "app" })],
      [
        identity,
        table("orders", { id: t.integer().identity({ serial: true }) }, { schema: "app" }),
      ],
      [
        sequence("orders_id_seq", { increment: 3 }),
        table("orders", { name: t.text() }, { schema: "app" }),
        sequence("orders_id_seq", { schema: "app" }),
      ],
      [
        table(
          "orders",
          { name: t.text(), id: t.integer().identity({ serial: true }) },
          { schema: "app" },
        ),
      ],
    ],
  },
  ["app"],
);

onPostgresql((now) => {
  it("leaves the names alone where a revision drops the one before it makes the other", async () => {
    const bench = await Bench.open(now.place);
    const [orders] = metaDataOf([serial]).tables;
    if (orders === undefined) throw new Error("there is no table");
    try {
      await bench.migrate([{ kind: "createObject", object: sequenceOf("orders_id_seq", {}) }]);
      const drop: Operation = {
        kind: "dropObject",
        type: "sequence",
        object: { name: "orders_id_seq" },
      };
      await bench.migrate([drop, { kind: "createTable", table: orders }]);
      expect(bench.statements[0]).toBe('DROP SEQUENCE "orders_id_seq"');
      await bench.migrate([
        { kind: "dropTable", table: { name: "orders" } },
        { kind: "createObject", object: sequenceOf("orders_id_seq", {}) },
      ]);
      expect(bench.statements[1]).toBe('CREATE SEQUENCE "orders_id_seq"');
    } finally {
      await bench.close();
    }
  });

  it("counts on where an identity takes the place of a sequence, and back", async () => {
    const { flow, place } = now;
    const nextId = async (): Promise<unknown> =>
      (await place.query("INSERT INTO orders DEFAULT VALUES RETURNING id"))[0]?.["id"];
    await flow.autogenerate(metaDataOf([plain, own]));
    await flow.upgrade();
    await place.query("SELECT setval('orders_id_seq', 41)");
    await flow.autogenerate(metaDataOf([identity]));
    await flow.upgrade();
    expect(await nextId()).toBe(42);
    await flow.downgrade();
    expect(await nextId()).toBe(43);
  });
});
