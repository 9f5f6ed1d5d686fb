import { expect, it } from "vitest";
import { onPostgresql, walkEach } from "./walk.ts";
import {
  aggregate,
  check,
  domain,
  enumType,
  index,
  metaDataOf,
  operator,
  sql,
  sqlFunction,
  t,
  table,
  view,
} from "../../src/schema/index.ts";

/** A function of two values that says whether they are alike, or are not. */
const relation = (name: string, type: string, body: string, schema?: string) =>
  sqlFunction(name, {
    ...(schema === undefined ? {} : { schema }),
    parameters: [{ type }, { type }],
    returns: "boolean",
    volatility: "immutable",
    body: sql.raw(body),
  });
const near = relation("near", "numeric", "SELECT abs($1 - $2) < 1");
const far = relation("far", "numeric", "SELECT abs($1 - $2) >= 1");
const numeric = { left: "numeric", right: "numeric" };
const prices = table(
  "prices",
  { id: t.integer().primaryKey(), price: t.numeric(), old: t.numeric() },
  {
    with: (c) => [
      check("prices_near", sql`${c.price} ~=~ ${c.old}`),
      index("prices_ix").on(sql`(${c.price} ~=~ 5)`),
    ],
  },
);
const cheap = view("cheap", { query: sql`SELECT id FROM prices WHERE price ~=~ 0` });
const cheaper = view("cheaper", { query: sql`SELECT id FROM cheap` });
const code = domain("code", {
  baseType: "bytea",
  checks: [{ name: "code_length", expression: sql`octet_length(VALUE) = 4` }],
});
const codeEquals = relation("code_equals", "code", "SELECT $1::bytea = $2::bytea");
const codeDiffers = relation("code_differs", "code", "SELECT $1::bytea <> $2::bytea");
const codes = { left: "code", right: "code" };
const moods = (...values: readonly [string, ...string[]]) => enumType("mood", values);

walkEach(
  "operators",
  {
    "one alone: function, estimators, comment and place": [
      [near, operator("~=~", { ...numeric, function: "near" })],
      [near, operator("~=~", { ...numeric, function: "public.near", comment: "nearly the same" })],
      [
        near,
        operator("~=~", {
          ...numeric,
          function: "near",
          restrict: "eqsel",
          join: "pg_catalog.eqjoinsel",
        }),
      ],
      [
        near,
        operator("~=~", { ...numeric, function: "near", restrict: "neqsel", commutator: "~=~" }),
      ],
      [
        far,
        operator("~=~", {
          left: "numeric",
          right: "decimal",
          function: "far",
          comment: "not it's",
        }),
      ],
      [
        operator("~=~", {
          ...numeric,
          function: "numeric_eq",
          hashes: true,
          merges: true,
          commutator: "~=~",
        }),
      ],
      [
        operator("~=~", { left: "int4", right: "integer", function: "int4eq" }),
        operator("~=~", { right: "int", function: "int4abs" }),
        operator("%%", { schema: "app", left: "int", right: "int", function: "int4mod" }),
        operator("#", { left: "int", right: "int", function: "int4mod" }),
      ],
      [],
    ],
    "pairs that name each other": [
      [
        near,
        far,
        operator("~=~", { ...numeric, function: "near", commutator: "~=~", negator: "~<>~" }),
        operator("~<>~", { ...numeric, function: "far", negator: "~=~", commutator: "~<>~" }),
      ],
      // one goes, and the other is left without
      [near, far, operator("~=~", { ...numeric, function: "near", commutator: "~=~" })],
      [
        near,
        far,
        operator("~=~", {
          ...numeric,
          function: "near",
          commutator: "~=~",
          negator: "public.~<>~",
        }),
        operator("~<>~", { ...numeric, function: "far", negator: "~=~" }),
      ],
      // both stay, and the link goes
      [
        near,
        far,
        operator("~=~", { ...numeric, function: "near" }),
        operator("~<>~", { ...numeric, function: "far" }),
      ],
      [
        near,
        far,
        operator("~=~", { ...numeric, function: "near", negator: "~<>~" }),
        operator("~<>~", { ...numeric, function: "far", negator: "~=~", comment: "far away" }),
      ],
      // another partner, which is new
      [
        near,
        far,
        operator("~=~", { ...numeric, function: "near", negator: "!!" }),
        operator("~<>~", { ...numeric, function: "far" }),
        operator("!!", { ...numeric, function: "far", negator: "~=~" }),
      ],
      // and another one that was there
      [
        near,
        far,
        operator("~=~", { ...numeric, function: "near", negator: "~<>~" }),
        operator("~<>~", { ...numeric, function: "far", negator: "~=~" }),
        operator("!!", { ...numeric, function: "far" }),
      ],
      [
        relation("near", "numeric", "SELECT true", "app"),
        operator("<<<", {
          ...{ schema: "app", left: "numeric", right: "integer" },
          ...{ function: "app.mixed", commutator: ">>>" },
        }),
        operator(">>>", {
          ...{ schema: "app", left: "integer", right: "numeric" },
          ...{ function: "app.mixed", commutator: "app.<<<" },
        }),
        sqlFunction("mixed", {
          schema: "app",
          parameters: [{ type: "integer" }, { type: "numeric" }],
          returns: "boolean",
          body: sql`SELECT $1 > $2`,
        }),
        sqlFunction("mixed", {
          schema: "app",
          parameters: [{ type: "numeric" }, { type: "integer" }],
          returns: "boolean",
          body: sql`SELECT $1 < $2`,
        }),
      ],
      [],
    ],
    "with what uses them": [
      [near, operator("~=~", { ...numeric, function: "near" }), prices, cheap],
      [
        near,
        operator("~=~", { ...numeric, function: "near", commutator: "~=~" }),
        prices,
        cheap,
        cheaper,
      ],
      [
        far,
        operator("~=~", { ...numeric, function: "far" }),
        prices,
        view("cheap", { query: sql`SELECT id FROM prices WHERE price ~=~ 1` }),
        cheaper,
      ],
      [far, table("prices", { id: t.integer().primaryKey(), price: t.numeric() })],
      [
        near,
        operator("~=~", { ...numeric, function: "near" }),
        table("prices", { id: t.integer().primaryKey(), price: t.numeric() }),
        domain("small", {
          baseType: "numeric",
          checks: [{ name: "small_is_near", expression: sql`VALUE ~=~ 0` }],
        }),
        sqlFunction("is_small", {
          parameters: [{ name: "value", type: "numeric" }],
          returns: "boolean",
          body: sql.raw("BEGIN ATOMIC SELECT (value ~=~ 0::numeric); END"),
        }),
        cheap,
      ],
      [],
    ],
    "over types of the models": [
      [
        code,
        codeEquals,
        codeDiffers,
        operator("=", { ...codes, function: "code_equals", commutator: "=", negator: "<>" }),
        operator("<>", { ...codes, function: "code_differs", commutator: "<>", negator: "=" }),
        table("items", { id: t.integer().primaryKey(), code: t.raw("code") }),
        view("same", { query: sql`SELECT a.id FROM items a JOIN items b ON a.code = b.code` }),
      ],
      [
        domain("code", {
          baseType: "bytea",
          checks: [{ name: "code_length", expression: sql`octet_length(VALUE) = 8` }],
        }),
        codeEquals,
        operator("=", { ...codes, function: "code_equals", commutator: "=", restrict: "eqsel" }),
        table("items", { id: t.integer().primaryKey(), code: t.raw("code") }),
        view("same", { query: sql`SELECT a.id FROM items a JOIN items b ON a.code = b.code` }),
      ],
      [
        moods("glad", "sad"),
        relation("alike", "mood", "SELECT $1::text = $2::text"),
        operator("~~~", { left: "mood", right: "mood", function: "alike", commutator: "~~~" }),
        table("days", { id: t.integer().primaryKey(), mood: moods("glad", "sad")() }),
        view("alike_days", { query: sql`SELECT id FROM days WHERE mood ~~~ 'glad'::mood` }),
      ],
      [
        moods("bad", "glad"),
        relation("alike", "mood", "SELECT $1::text = $2::text"),
        operator("~~~", { left: "mood", right: "mood", function: "alike", commutator: "~~~" }),
        table("days", { id: t.integer().primaryKey(), mood: moods("bad", "glad")() }),
        view("alike_days", { query: sql`SELECT id FROM days WHERE mood ~~~ 'glad'::mood` }),
      ],
      // over the rows of a table, behind which it is made
      [
        table("days", { id: t.integer().primaryKey() }),
        relation("before", "days", "SELECT $1.id < $2.id"),
        operator("<<<", { left: "days", right: "days", function: "before" }),
        view("first_days", { query: sql`SELECT a.id FROM days a JOIN days b ON a <<< b` }),
      ],
      [
        relation("less", "numeric", "SELECT $1 < $2"),
        sqlFunction("lesser", {
          parameters: [{ type: "numeric" }, { type: "numeric" }],
          returns: "numeric",
          body: sql`SELECT least($1, $2)`,
        }),
        operator("<<<", { ...numeric, function: "less" }),
        aggregate("least_of", {
          parameters: [{ type: "numeric" }],
          definition: { sfunc: "lesser", stype: "numeric" },
        }),
      ],
      [],
    ],
  },
  ["app"],
);

onPostgresql((now) => {
  it("tells what it cannot say of operators", async () => {
    await now.place.query(`
      CREATE FUNCTION nearly(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
      CREATE FUNCTION order_of(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
      CREATE OPERATOR ~=~ (LEFTARG = int, RIGHTARG = int, FUNCTION = nearly, NEGATOR = ~<>~);
      CREATE OPERATOR ~<>~ (LEFTARG = int, RIGHTARG = int, FUNCTION = nearly, NEGATOR = ~=~);
      CREATE OPERATOR CLASS nearly_ops FOR TYPE int USING hash AS OPERATOR 1 ~=~;
      CREATE SCHEMA other;
      CREATE TYPE other.mood AS ENUM ('glad');
      CREATE FUNCTION other.first(other.mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE OPERATOR !! (RIGHTARG = other.mood, FUNCTION = other.first);
      CREATE OPERATOR ### (LEFTARG = int, RIGHTARG = int, FUNCTION = nearly, COMMUTATOR = ####);
      CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = nearly, COMMUTATOR = ===);`);
    const { objects, skipped } = await now.flow.reflect();
    expect(objects.filter(({ kind }) => kind === "operator")).toMatchObject([{ name: "===" }]);
    const told = skipped.filter(({ kind }) => kind === "operator");
    expect(Object.fromEntries(told.map(({ name, reason }) => [name, reason]))).toEqual({
      "~=~": "it is a member of an operator class, which is not part of the models",
      "~<>~": "its commutator or negator takes no part",
      "!!": "its types or functions are in a schema that takes no part",
      "###": "its commutator or negator takes no part",
      "####": "it has no function: another operator names it, and it was never made",
    });
  });

  it("leaves the operators of extensions out", async () => {
    await now.place.query("CREATE EXTENSION citext");
    const { objects, skipped } = await now.flow.reflect();
    expect([...objects, ...skipped].filter(({ kind }) => kind === "operator")).toEqual([]);
  });

  it("says what is wrong with a name or a link", async () => {
    const check = (...models: readonly unknown[]) => now.flow.check(metaDataOf(models));
    await expect(
      check(near, operator("near", { ...numeric, function: "near" })),
    ).rejects.toMatchObject({ code: "model-invalid", hint: expect.stringContaining("+ - *") });
    const one = operator("~=~", { ...numeric, function: "near", negator: "~<>~" });
    await expect(check(near, one)).rejects.toMatchObject({
      code: "model-invalid",
      message: expect.stringContaining("which is not declared"),
    });
    await expect(
      check(near, far, one, operator("~<>~", { ...numeric, function: "far" })),
    ).rejects.toMatchObject({
      code: "model-invalid",
      hint: expect.stringContaining('negator: "~=~"'),
    });
  });
});
