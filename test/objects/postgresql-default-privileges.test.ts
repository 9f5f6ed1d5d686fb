import { expect, it } from "vitest";
import { onPostgresql, walk, walkEach } from "./walk.ts";
import { evaluateModels } from "../render/run-models.ts";
import { judgePostgresql } from "../laws/judge/index.ts";
import { renderModels } from "../../src/render/index.ts";
import {
  defaultPrivileges,
  grants,
  metaDataOf,
  sequence,
  sql,
  sqlFunction,
  t,
  table,
  view,
} from "../../src/schema/index.ts";

const users = table("users", { id: t.integer().primaryKey(), email: t.text() });
const notes = table("notes", { id: t.integer().primaryKey().autoincrement(), body: t.text() });
const inApp = table("items", { id: t.integer() }, { schema: "app" });
const one = sqlFunction("one", { returns: "integer", body: sql`SELECT 1` });
const all = view("all_users", { query: sql`SELECT id FROM users` });
const readers = defaultPrivileges("tables", { to: { pg_monitor: ["select"] } });

walkEach(
  "default privileges",
  {
    "on every kind of thing": [
      [
        users,
        defaultPrivileges("tables", {
          to: { pg_monitor: ["select", "INSERT"], public: ["select"] },
        }),
        defaultPrivileges("sequences", { to: { pg_monitor: ["all"] } }),
        defaultPrivileges("functions", { to: {} }),
        defaultPrivileges("types", { to: { pg_monitor: ["usage"] } }),
        defaultPrivileges("schemas", { to: { pg_monitor: ["usage", "create"] } }),
      ],
      [
        users,
        defaultPrivileges("tables", {
          to: { pg_monitor: ["select"] },
          withGrantOption: { pg_read_all_data: ["select", "update"] },
        }),
        defaultPrivileges("sequences", { to: {}, withGrantOption: { pg_monitor: ["usage"] } }),
        defaultPrivileges("functions", { to: { pg_monitor: ["execute"], public: ["execute"] } }),
        defaultPrivileges("types", { to: { pg_monitor: ["usage"], public: ["usage"] } }),
      ],
      [users],
    ],
    "in one schema, the default one too": [
      [
        inApp,
        defaultPrivileges("tables", { schema: "app", to: { pg_monitor: ["select"] } }),
        defaultPrivileges("tables", { schema: "public", to: { pg_monitor: ["all"] } }),
        defaultPrivileges("tables", { to: { pg_read_all_data: ["select"] } }),
        defaultPrivileges("functions", { schema: "app", to: { public: ["execute"] } }),
      ],
      [
        inApp,
        defaultPrivileges("tables", {
          schema: "app",
          to: { pg_monitor: ["select"] },
          withGrantOption: { pg_monitor: ["insert", "select"] },
        }),
        defaultPrivileges("sequences", { schema: "app", to: { public: ["usage"] } }),
        defaultPrivileges("types", { schema: "public", to: { pg_monitor: ["usage"] } }),
      ],
      [defaultPrivileges("sequences", { schema: "app", to: { pg_monitor: ["usage"] } })],
      [],
    ],
    "what the owner has, and whose they are": [
      [
        defaultPrivileges("tables", { to: {}, owner: ["select"] }),
        defaultPrivileges("sequences", { to: {}, owner: [] }),
        defaultPrivileges("tables", { role: "pg_monitor", to: { public: ["select"] } }),
        defaultPrivileges("tables", { schema: "public", to: {}, owner: ["select"] }),
      ],
      [
        defaultPrivileges("tables", { to: {}, ownerWithGrantOption: ["select"] }),
        defaultPrivileges("sequences", { to: { pg_monitor: ["usage"] }, owner: [] }),
        defaultPrivileges("tables", { role: "pg_monitor", to: {}, owner: ["select"] }),
        defaultPrivileges("functions", {
          role: "pg_monitor",
          schema: "public",
          to: { public: ["execute"] },
        }),
      ],
      [],
    ],
    "things that come and go while they are in force": [
      [readers, defaultPrivileges("functions", { to: {} }), users],
      [
        readers,
        defaultPrivileges("functions", { to: {} }),
        users,
        notes,
        all,
        one,
        sequence("numbers"),
        inApp,
        grants("notes", { on: "table", to: { pg_read_all_data: ["select"] } }),
      ],
      [
        defaultPrivileges("tables", { to: { pg_monitor: ["update"], public: ["select"] } }),
        defaultPrivileges("sequences", { to: { pg_monitor: ["usage"] } }),
        defaultPrivileges("schemas", { to: { pg_monitor: ["usage"] } }),
        table("users", { id: t.bigint().primaryKey(), email: t.text() }),
        all,
        grants("all_users", { on: "table", to: { pg_monitor: ["select"] } }),
      ],
      [
        defaultPrivileges("tables", { to: { pg_monitor: ["update"], public: ["select"] } }),
        defaultPrivileges("sequences", { to: { pg_monitor: ["usage"] } }),
        defaultPrivileges("schemas", { to: { pg_monitor: ["usage"] } }),
        table("users", {
          id: t.bigint().primaryKey(),
          email: t.text(),
          number: t.integer().autoincrement(),
        }),
        view("all_users", { query: sql`SELECT email, id FROM users` }),
        inApp,
      ],
      [],
    ],
  },
  ["app"],
);

onPostgresql((now) => {
  it("on large objects, where the server has them", async () => {
    const { flow, place } = now;
    if (flow.connection.server.versionNumber < 180000) return;
    const onLarge = defaultPrivileges("large objects", { to: { pg_monitor: ["select"] } });
    expect(await walk(flow, place, [[onLarge], []])).toBe(2);
  });

  it("stay as they are where nothing is made", async () => {
    const { flow } = now;
    await flow.autogenerate(metaDataOf([users, readers]));
    await flow.upgrade();
    const wider = table("users", {
      id: t.integer().primaryKey(),
      email: t.text().notNull().default("none"),
      name: t.text(),
    });
    const { operations } = await flow.difference(metaDataOf([wider, readers]));
    expect(operations.map(({ kind }) => kind)).toEqual(["alterColumn", "addColumn"]);
  });

  it("give what they give where grants take no part", async () => {
    const { flow, place } = now;
    flow.kinds = undefined;
    await walk(flow, place, [[readers], [readers, users], [readers]]);
    await flow.downgrade();
    const granted = Object.keys(
      (await judgePostgresql((text) => place.query(text)))["privilege"] ?? {},
    );
    expect(granted).toContain("relation public.users: pg_monitor");
  });

  it("give no privileges on a view that is made anew for a column", async () => {
    const { flow, place } = now;
    flow.kinds = undefined;
    await place.query(
      "CREATE TABLE users (id int PRIMARY KEY, email text); CREATE VIEW all_users AS SELECT id FROM users; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor",
    );
    const read = async (): Promise<unknown> =>
      (await judgePostgresql((text) => place.query(text)))["privilege"];
    const before = await read();
    await flow.autogenerate(
      metaDataOf([table("users", { id: t.bigint().primaryKey(), email: t.text() })]),
    );
    await flow.upgrade();
    expect(await read()).toEqual(before);
  });

  it("do not name the role that they are of by default", async () => {
    const { flow, place } = now;
    const [row] = await place.query("SELECT current_user AS own");
    const role = String(row?.["own"]);
    const models = metaDataOf([
      defaultPrivileges("tables", { role, to: { pg_monitor: ["select"] } }),
    ]);
    await flow.autogenerate(models);
    await flow.upgrade();
    expect(await flow.check(models)).toEqual([]);
    const text = renderModels(await flow.reflect());
    expect(text).not.toContain("role:");
    expect(await flow.check(evaluateModels(text))).toEqual([]);
    await flow.downgrade();
    expect((await flow.reflect()).objects).toEqual([]);
  });

  it("say what is wrong with them", async () => {
    const { flow, place } = now;
    const [row] = await place.query("SELECT current_user AS own");
    const wrong = [
      defaultPrivileges("schemas", { schema: "app", to: { pg_monitor: ["usage"] } }),
      defaultPrivileges("tables", { to: { [String(row?.["own"])]: ["select"] } }),
      defaultPrivileges("tables", { role: "pg_monitor", to: { pg_monitor: ["select"] } }),
    ];
    for (const model of wrong)
      await expect(flow.check(metaDataOf([model]))).rejects.toMatchObject({
        code: "model-invalid",
      });
  });
});
