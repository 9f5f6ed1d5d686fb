import type { Policy, Rule, Statistics, Trigger } from "./belongings.ts";
import type { DefaultPrivileges, Grants, GrantTarget } from "./privileges.ts";
import type { Publication } from "./publications.ts";
import type { Expression } from "../expression.ts";
import type { DialectName, EnumType, Index, Options, TableName } from "../types.ts";

export type * from "./belongings.ts";
export type * from "./privileges.ts";
export type * from "./publications.ts";

/** What tells one object from the others of its kind. */
export interface ObjectName extends TableName {
  /** The table (or view) it belongs to, in the same schema: a trigger, a policy. */
  readonly table?: string;
  /** The types of a routine's parameters, where routines of one name may differ by them (PostgreSQL). */
  readonly arguments?: string;
  /** Which of the project's own kinds it is of. */
  readonly type?: string;
  /** Of grants: the kind of what bears the name. */
  readonly on?: GrantTarget;
  /** Of default privileges: whose objects they are for. */
  readonly role?: string;
}

/** A stored query. */
export interface View extends ObjectName {
  readonly kind: "view";
  /** Names for the columns, where they are not those of the query. */
  readonly columns?: readonly string[];
  readonly query: Expression;
  readonly comment?: string;
  /** PostgreSQL: comments on columns, by the columns' names. */
  readonly columnComments?: Readonly<Record<string, string>>;
  /** PostgreSQL: what `INSERT` into the view puts where no value is given, by the columns' names. */
  readonly defaults?: Readonly<Record<string, Expression>>;
  /** PostgreSQL: `security_barrier`, `security_invoker`, `check_option`. MySQL: `algorithm`, `security`, `checkOption`. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** What a project's own objects and operations say: plain data and SQL. */
export type CustomValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Expression
  | readonly CustomValue[]
  | { readonly [key: string]: CustomValue };
export type CustomData = Readonly<Record<string, CustomValue>>;

/** An object of a kind that a plugin of the project defines. */
export interface CustomObject extends ObjectName {
  readonly kind: "custom";
  readonly type: string;
  readonly definition: CustomData;
}

/** A query whose rows are stored. */
export interface MaterializedView extends ObjectName {
  readonly kind: "materializedView";
  /** Names for the columns, where they are not those of the query. */
  readonly columns?: readonly string[];
  readonly query: Expression;
  /** False: created `WITH NO DATA`, to be refreshed before it is read. */
  readonly populated?: boolean;
  readonly indexes?: readonly Index[];
  readonly comment?: string;
  /** Comments on columns, by the columns' names. */
  readonly columnComments?: Readonly<Record<string, string>>;
  /** Storage parameters, `tablespace`, `access_method`. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** One parameter of a routine. */
export interface RoutineParameter {
  readonly name?: string;
  /** In the database's own words: `integer`, `VARCHAR(20)`. */
  readonly type: string;
  /** Absent: `in`. */
  readonly mode?: "out" | "inout" | "variadic";
  /** PostgreSQL. */
  readonly default?: Expression;
}

/** What functions and procedures have alike. */
interface Routine extends ObjectName {
  readonly parameters?: readonly RoutineParameter[];
  /** PostgreSQL: `plpgsql`, …; absent: `sql`. */
  readonly language?: string;
  /**
   * PostgreSQL: the text between the quotes, or in language SQL `RETURN …` or `BEGIN ATOMIC … END`. MySQL: the
   * statement.
   */
  readonly body: Expression;
  /** With whose rights it runs; absent: `invoker` on PostgreSQL, `definer` on MySQL. */
  readonly security?: "definer" | "invoker";
  /** PostgreSQL: settings while it runs, by their names: `{ search_path: "public" }`. */
  readonly set?: Readonly<Record<string, string>>;
  /** MySQL: `user@host`; absent: who creates it. */
  readonly definer?: string;
  /** MySQL. */
  readonly deterministic?: boolean;
  /** MySQL; absent: `contains sql`. */
  readonly dataAccess?: "no sql" | "reads sql data" | "modifies sql data";
  readonly comment?: string;
  /** What else one database knows. PostgreSQL: `library` of a function in C. MySQL: `sqlMode`. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** A stored function. */
export interface SqlFunction extends Routine {
  readonly kind: "function";
  /** In the database's own words: `integer`, `SETOF users`, `TABLE(id integer)`; absent: what the `out` parameters say. */
  readonly returns?: string;
  /** PostgreSQL; absent: `volatile`. */
  readonly volatility?: "immutable" | "stable";
  /** PostgreSQL: null for null, without a call. */
  readonly strict?: boolean;
  /** PostgreSQL. */
  readonly leakproof?: boolean;
  /** PostgreSQL; absent: `unsafe`. */
  readonly parallel?: "safe" | "restricted";
  /** PostgreSQL: in units of `cpu_operator_cost`. */
  readonly cost?: number;
  /** PostgreSQL: how many rows the planner expects. */
  readonly rows?: number;
  /** PostgreSQL: the planner's support function. */
  readonly support?: string;
  /** PostgreSQL: a window function. */
  readonly window?: boolean;
}

/** A function over many rows (PostgreSQL). */
export interface Aggregate extends ObjectName {
  readonly kind: "aggregate";
  /** What one call takes in; `[]` for `agg(*)`. Of an ordered-set aggregate the direct arguments. */
  readonly parameters?: readonly Omit<RoutineParameter, "default">[];
  /** `ORDER BY` these: an ordered-set aggregate. */
  readonly orderBy?: readonly Omit<RoutineParameter, "default">[];
  /** What `CREATE AGGREGATE` has in its parentheses: `{ sfunc: "int4pl", stype: "integer", initcond: "0" }`. */
  readonly definition: Readonly<Record<string, string | number | boolean>>;
  readonly comment?: string;
}

/** A stored procedure: called, returns nothing. */
export interface SqlProcedure extends Routine {
  readonly kind: "procedure";
}

/** SQLite: a table that a module answers for. */
export interface VirtualTable extends ObjectName {
  readonly kind: "virtualTable";
  readonly module: string;
  /** As the module reads them, each as SQL text: `title`, `content='post'`. */
  readonly args?: readonly string[];
}

/** MySQL, MariaDB: what the server runs by a schedule; `at` once, or `every` interval. */
export interface ScheduledEvent extends ObjectName {
  readonly kind: "event";
  /** `` sql`'2030-01-01 00:00:00'` ``; an expression counts from the moment of creation. */
  readonly at?: Expression;
  /** `1 DAY`, `'1:30' MINUTE_SECOND`. */
  readonly every?: string;
  /** Absent: the moment of creation. */
  readonly starts?: Expression;
  readonly ends?: Expression;
  /** The event stays when it has run for the last time. */
  readonly preserve?: boolean;
  readonly enabled?: "disabled" | "disabledOnReplica";
  /** The statement. */
  readonly body: Expression;
  /** `user@host`; absent: who creates it. */
  readonly definer?: string;
  readonly comment?: string;
  /** `sqlMode`, `timeZone`; absent: the server's. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** A sequence of its own; those of identity and serial columns are said by the column. */
export interface Sequence extends ObjectName {
  readonly kind: "sequence";
  /** Absent: `bigint`. */
  readonly dataType?: "smallint" | "integer" | "bigint";
  readonly start?: bigint;
  readonly increment?: bigint;
  readonly minValue?: bigint;
  readonly maxValue?: bigint;
  readonly cache?: bigint;
  readonly cycle?: boolean;
  /** PostgreSQL 15. */
  readonly unlogged?: boolean;
  /** The column of a table of the same schema with which the sequence goes. */
  readonly ownedBy?: { readonly table: string; readonly column: string };
  readonly comment?: string;
}

/** An extension of PostgreSQL; one of a name in the whole database, so the schema is no part of its name. */
export interface Extension extends ObjectName {
  readonly kind: "extension";
  /** Absent: the server's default one, and not compared. */
  readonly version?: string;
  /** Extensions that it stands on; the database tells them by itself. */
  readonly requires?: readonly string[];
}

/** One check of a domain, of the word `VALUE`. */
export interface DomainCheck {
  /** Absent: the database chooses (`email_check`). */
  readonly name?: string;
  readonly expression: Expression;
  /** Values that are there were not looked at. */
  readonly notValid?: boolean;
  readonly comment?: string;
}

/** PostgreSQL: a type with a default and checks of its own. */
export interface Domain extends ObjectName {
  readonly kind: "domain";
  /** In the database's own words: `text`, `numeric(10,2)`. */
  readonly baseType: string;
  readonly notNull?: boolean;
  readonly default?: Expression;
  readonly checks?: readonly DomainCheck[];
  /** Where it is not the base type's. */
  readonly collation?: string;
  readonly comment?: string;
}

/** One part of a composite type. */
export interface Attribute {
  readonly name: string;
  /** In the database's own words. */
  readonly type: string;
  readonly collation?: string;
  readonly comment?: string;
}

/** PostgreSQL: a type of named parts, `CREATE TYPE … AS (…)`. */
export interface CompositeType extends ObjectName {
  readonly kind: "compositeType";
  readonly attributes: readonly Attribute[];
  readonly comment?: string;
}

/** PostgreSQL: ranges of values of another type. */
export interface RangeType extends ObjectName {
  readonly kind: "rangeType";
  /** In the database's own words. */
  readonly subtype: string;
  /** Where it is not the subtype's default one. */
  readonly operatorClass?: string;
  readonly collation?: string;
  /** The function that gives the difference of two values. */
  readonly difference?: string;
  /** PostgreSQL 14; absent: the server's own choice (`float_range` → `float_multirange`). */
  readonly multirange?: string;
  readonly comment?: string;
}

/** PostgreSQL: an order of texts of the user's own. */
export interface Collation extends ObjectName {
  readonly kind: "collation";
  /** Absent: `libc`. */
  readonly provider?: "icu" | "builtin";
  /** `und-u-ks-level2`, `de_DE.utf8`: for all; libc may have two apart. */
  readonly locale?: string;
  readonly lcCollate?: string;
  readonly lcCtype?: string;
  /** Equal only what is the same bytes; absent: true. */
  readonly deterministic?: boolean;
  /** ICU, PostgreSQL 16. */
  readonly rules?: string;
  readonly comment?: string;
}

/** What runs when the schema changes (PostgreSQL). */
export interface EventTrigger extends ObjectName {
  readonly kind: "eventTrigger";
  /** `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite`. */
  readonly event: string;
  /** Only for these commands: `CREATE TABLE`. */
  readonly tags?: readonly string[];
  /** The function: `` sql`note_change()` ``. */
  readonly execute: Expression;
  readonly enabled?: "disabled" | "replica" | "always";
  readonly comment?: string;
}

/** PostgreSQL: how words become the lexemes that are searched for. */
export interface TextSearchDictionary extends ObjectName {
  readonly kind: "textSearchDictionary";
  /** In the database's own words: `simple`, `snowball`, `public.unaccent`. */
  readonly template: string;
  /** As the template takes them: `{ stopwords: "english" }`. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  readonly comment?: string;
}

/** PostgreSQL: which dictionaries the words of a text go through. */
export interface TextSearchConfiguration extends ObjectName {
  readonly kind: "textSearchConfiguration";
  /** Absent: `default`. */
  readonly parser?: string;
  /** The dictionaries of each type of token, in order: `{ asciiword: ["unaccent", "english_stem"] }`. */
  readonly mappings?: Readonly<Record<string, readonly string[]>>;
  readonly comment?: string;
}

/** PostgreSQL: how values of one type become values of another. Its name says both: `text AS mood`. */
export interface Cast extends ObjectName {
  readonly kind: "cast";
  /** `mood_of(text)`. */
  readonly function?: string;
  /** Through the texts of the values. Without it and without a function the bytes stay as they are. */
  readonly inout?: boolean;
  /** Where it is done unasked; absent: nowhere. */
  readonly context?: "assignment" | "implicit";
  readonly comment?: string;
}

/** PostgreSQL: a symbol between two values, or before one. Its operands tell it from others of its name. */
export interface Operator extends ObjectName {
  readonly kind: "operator";
  /** The type of the left operand; absent: it stands before its operand. */
  readonly left?: string;
  readonly right: string;
  /** Without its parameters: `same_point`. */
  readonly function: string;
  /** In the operator's own schema, unless it says another: `pg_catalog.=`. */
  readonly commutator?: string;
  readonly negator?: string;
  readonly restrict?: string;
  readonly join?: string;
  readonly hashes?: boolean;
  readonly merges?: boolean;
  readonly comment?: string;
}

/** The comment of a schema (PostgreSQL). */
export interface SchemaComment extends ObjectName {
  readonly kind: "schemaComment";
  readonly comment: string;
}

/** Kinds of objects beside tables: a line here, a builder beside this file, a folder in `objects/`. */
export interface SchemaObjectMap {
  enum: EnumType;
  view: View;
  sequence: Sequence;
  domain: Domain;
  compositeType: CompositeType;
  rangeType: RangeType;
  collation: Collation;
  extension: Extension;
  custom: CustomObject;
  materializedView: MaterializedView;
  function: SqlFunction;
  procedure: SqlProcedure;
  aggregate: Aggregate;
  trigger: Trigger;
  policy: Policy;
  rule: Rule;
  eventTrigger: EventTrigger;
  publication: Publication;
  grants: Grants;
  defaultPrivileges: DefaultPrivileges;
  statistics: Statistics;
  schemaComment: SchemaComment;
  textSearchDictionary: TextSearchDictionary;
  textSearchConfiguration: TextSearchConfiguration;
  cast: Cast;
  operator: Operator;
  virtualTable: VirtualTable;
  event: ScheduledEvent;
}
export type SchemaObject = SchemaObjectMap[keyof SchemaObjectMap];

/** The kinds whose objects are created, dropped and altered as a whole; an enum has operations of its own. */
export type OpenKind = Exclude<keyof SchemaObjectMap, "enum">;
export type OpenObject = SchemaObjectMap[OpenKind];
