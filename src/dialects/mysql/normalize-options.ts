import { bytesOf, canonicalJson, canonicalUnion } from "./attributes.ts";
import type { Flavor } from "./flavor.ts";
import { unwrap } from "./tokens.ts";
import type { Options } from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

function wordOption(key: string, given: Options[string] | undefined): Options {
  const word = given === undefined ? "default" : String(given).toLowerCase();
  return word === "default" ? {} : { [key]: word };
}

/** Settings for engines, which are JSON (MySQL). */
function engineAttributes(given: Options): Options {
  const keys = ["engineAttribute", "secondaryEngineAttribute"] as const;
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = given[key];
      return value === undefined || value === "" ? [] : [[key, canonicalJson(String(value))]];
    }),
  );
}

/** The server variable `myisam_block_size`, as it comes. */
const MYISAM_BLOCK_SIZE = 1024;

/** What an index has that is no column of it; a block size, where its engine has one. */
export function indexOptions(given: Options, engine: string): Options {
  const name = engine.toLowerCase();
  // InnoDB passes over the block size of an index; MyISAM notes its own when another engine's table comes over
  const isImplied =
    name === "innodb" || (name === "myisam" && given["keyBlockSize"] === MYISAM_BLOCK_SIZE);
  const rest = omit(
    given,
    "engineAttribute",
    "secondaryEngineAttribute",
    ...(isImplied ? (["keyBlockSize"] as const) : []),
  );
  return { ...rest, ...engineAttributes(given) };
}

/** The options that the server has, where they are not what it does by itself. */
export function columnOptions(given: Options, { mariadb }: Flavor): Options {
  const { check, compressed, row, systemVersioning, secondary, columnFormat, storage } = given;
  if (!mariadb) {
    return {
      ...(secondary === false ? { secondary } : {}),
      ...wordOption("columnFormat", columnFormat),
      ...wordOption("storage", storage),
      ...engineAttributes(given),
    };
  }
  return {
    ...(check === undefined ? {} : { check: unwrap(String(check)) }),
    ...(compressed === true ? { compressed } : {}),
    ...(row === undefined ? {} : { row: String(row).toLowerCase() }),
    ...(systemVersioning === false ? { systemVersioning } : {}),
  };
}

/** Where rows are kept and for which engines, in the server's words; what it does by itself is left out. */
export function placement(given: Options): Options {
  const { union, insertMethod, tablespace, autoextendSize, pageChecksum, ...rest } = given;
  const method = String(insertMethod ?? "NO").toUpperCase();
  const tables = union === undefined ? "" : canonicalUnion(String(union));
  const space = String(tablespace ?? "").replace(/^innodb_file_per_table$/i, "");
  const size = autoextendSize === undefined ? 0 : bytesOf(autoextendSize);
  return {
    ...omit(rest, "engineAttribute", "secondaryEngineAttribute"),
    ...(tables === "" ? {} : { union: tables }),
    ...(method === "NO" ? {} : { insertMethod: method }),
    ...(space === "" ? {} : { tablespace: space }),
    ...(size === 0 ? {} : { autoextendSize: size }),
    // Aria's default, which the server always shows (MariaDB)
    ...(pageChecksum === undefined || Number(pageChecksum) === 1 ? {} : { pageChecksum }),
    ...engineAttributes(rest),
  };
}
