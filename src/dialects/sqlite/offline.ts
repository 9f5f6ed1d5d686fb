import type { Offline } from "../contract.ts";
import { fileOf } from "../url.ts";
import { connect } from "./driver.ts";
import { isDdl } from "./tokens.ts";
import { RevlineError } from "../../errors.ts";

/** What a script is written for when nobody says: with STRICT tables, RENAME and DROP COLUMN. */
const VERSION = "3.37.0";

export const offline: Offline = {
  server: (url, version = VERSION) => {
    const [, major, minor, patch = "0"] = /^\s*(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
    if (major === undefined || minor === undefined) {
      throw new RevlineError("config-invalid", `"${version}" is no version of SQLite.`, {
        hint: 'Set `serverVersion` as SQLite says it, for instance "3.45.1".',
      });
    }
    return {
      dialect: "sqlite",
      version,
      versionNumber: Number(major) * 10_000 + Number(minor) * 100 + Number(patch),
      database: fileOf(url).path,
    };
  },
  scratch: {
    connect: async () => {
      const connection = await connect("sqlite::memory:");
      await connection.query("PRAGMA foreign_keys = OFF");
      return connection;
    },
    changesSchema: isDdl,
  },
};
