import { expect, it } from "vitest";
import { onPostgresql, walk } from "./walk.ts";
import {
  extension,
  foreignKey,
  primaryKey,
  t,
  table,
  unique,
  type DeclaresTable,
} from "../../src/schema/index.ts";
import type { ForeignKeyOptions, TableItem } from "../../src/schema/items.ts";

const gist = extension("btree_gist");
const rooms = (...items: readonly TableItem[]): DeclaresTable =>
  table(
    "rooms",
    { id: t.integer().notNull(), at: t.raw("daterange").notNull() },
    { with: () => items },
  );
const stays = (...items: readonly TableItem[]): DeclaresTable =>
  table(
    "stays",
    { id: t.integer().primaryKey(), room: t.integer(), at: t.raw("daterange") },
    { with: () => items },
  );
const key = primaryKey("rooms_key", ["id", "at"], { withoutOverlaps: true });
const toRooms = (options: ForeignKeyOptions): TableItem =>
  foreignKey(["room", "at"], ["rooms.id", "rooms.at"], { name: "stays_room", ...options });

const STATES: readonly (readonly unknown[])[] = [
  [gist, rooms(primaryKey("rooms_key", ["id", "at"])), stays()],
  [gist, rooms(key), stays(toRooms({ period: true }))],
  [gist, rooms(key), stays(toRooms({ period: true, notEnforced: true }))],
  [
    gist,
    rooms(
      primaryKey("rooms_key", ["id", "at"]),
      unique("rooms_at", ["id", "at"], { withoutOverlaps: true }),
    ),
    stays(toRooms({ notEnforced: true })),
  ],
  [gist, rooms(primaryKey("rooms_key", ["id", "at"])), stays(toRooms({ notValid: true }))],
  [gist],
];

onPostgresql((now) => {
  it("has keys without overlaps, keys over periods, and keys that are not enforced; before PostgreSQL 18 says so", async () => {
    const { flow, place } = now;
    const [{ version } = { version: 0 }] = await place.query(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    if (Number(version) >= 180000) {
      expect(await walk(flow, place, STATES)).toBe(STATES.length);
      return;
    }
    await expect(walk(flow, place, STATES.slice(1, 2))).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(
      walk(flow, place, [[rooms(unique(["id", "at"])), stays(toRooms({ notEnforced: true }))]]),
    ).rejects.toMatchObject({ code: "unsupported" });
  });
});
