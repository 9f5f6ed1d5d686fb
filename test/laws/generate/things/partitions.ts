import { parentPath } from "../../../../src/schema/parents.ts";
import {
  sql,
  type Column,
  type Constraint,
  type Index,
  type MetaData,
  type Options,
  type Table,
} from "../../../../src/schema/index.ts";
import { keyed, type Maker } from "./both-sides.ts";
import { takenNames } from "../surroundings.ts";

const KEY: Column = { name: "id", type: { name: "integer" }, nullable: false };
const EXTRAS: readonly Column[] = [
  { name: "note", type: { name: "text" }, nullable: true },
  { name: "amount", type: { name: "numeric", precision: 10, scale: 2 }, nullable: true },
  { name: "state", type: { name: "text" }, nullable: true, default: { value: "it's" } },
];

/** How a table is parted, and its parts: the first holds the rows of the laws and is always there. */
const PARTED: readonly [Parted, ...Parted[]] = [
  {
    by: "RANGE (id)",
    first: ["FROM (MINVALUE) TO (10)", "FROM (0) TO (10)"],
    others: ["FROM (10) TO (20)", "FROM (20) TO (30)", "FROM (30) TO (MAXVALUE)", "DEFAULT"],
  },
  {
    by: "LIST (id)",
    first: ["IN (1, 2, 3)", "IN (1, 2)", "IN (2, 1)"],
    others: ["IN (10)", "IN (20, 21)", "IN (NULL)", "DEFAULT"],
  },
  {
    by: "HASH (id)",
    first: ["WITH (modulus 1, remainder 0)"],
    others: [],
  },
];
interface Parted {
  readonly by: string;
  readonly first: readonly [string, ...string[]];
  readonly others: readonly string[];
}

function bare(name: string, options: Options): Table {
  return { name, columns: [], constraints: [], indexes: [], options: { postgresql: options } };
}

function valuesText(values: string): string {
  return values === "DEFAULT" ? values : `FOR VALUES ${values}`;
}

function indexOn(table: string, { name }: Column): readonly Index[] {
  return [{ name: `ix_${table}`, elements: [{ column: name }] }];
}

/** A foreign key to a table that is always there. */
function keyTo(table: string, name: string): Constraint {
  const references = { name: table, columns: ["id"] };
  return { kind: "foreignKey", name, columns: ["person"], references };
}

/**
 * Partitioned tables of PostgreSQL: partitions come and go, are tables of their own on one side, and have something of
 * their own.
 */
export const partitions: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at) => {
    const name = `parted_${String(at)}`;
    if ([...takenNames(metadata)].some((taken) => taken.startsWith(name))) return metadata;
    const { by, first, others } = choices.one(PARTED);
    const person: Table = {
      ...bare(`${name}_person`, {}),
      columns: [KEY],
      constraints: [{ kind: "primaryKey", name: `${name}_person_pkey`, columns: ["id"] }],
    };
    const hasPrimaryKey = choices.chance(40);
    const hasIndex = choices.chance(40);
    const hasForeignKey = choices.chance(30);
    const columns = [
      KEY,
      { ...KEY, name: "person", nullable: true },
      ...choices.some(EXTRAS, 0, 2),
    ];
    const [, , indexed] = columns;
    const isIndexed = hasIndex && indexed !== undefined;
    const parent: Table = {
      ...bare(name, { partitionBy: by }),
      columns,
      constraints: [
        ...(hasPrimaryKey
          ? [{ kind: "primaryKey", name: `${name}_pkey`, columns: ["id"] } as const]
          : []),
        ...(hasForeignKey ? [keyTo(person.name, `fk_${name}`)] : []),
      ],
      indexes: isIndexed ? indexOn(name, indexed) : [],
    };
    const parts = [choices.one(first), ...choices.some(others, 0, 3)].map((values): Table => {
      // a part keeps its name as long as it has its values
      const place = first.includes(values) ? 0 : others.indexOf(values) + 1;
      const own = `${name}_${String(place)}`;
      const options: Options = choices.chance(15) ? { fillfactor: 70 } : {};
      if (place === 0 || !choices.chance(30))
        return bare(own, { partitionOf: name, values: valuesText(values), ...options });
      return {
        ...bare(own, options),
        columns,
        constraints: choices.chance(50) ? [keyTo(person.name, `fk_${name}`)] : [],
        indexes: isIndexed && choices.chance(50) ? indexOn(own, indexed) : [],
      };
    });
    return { ...metadata, tables: [...metadata.tables, person, parent, ...parts] };
  },
};

/** A table of PostgreSQL that inherits what the edits change. */
export const heirs: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at): MetaData => {
    const name = `heir_${String(at)}`;
    const parent = keyed(
      choices.next(),
      metadata.tables.filter(({ options, constraints }) => {
        const { partitionBy, partitionOf } = options?.postgresql ?? {};
        return (
          partitionBy === undefined &&
          partitionOf === undefined &&
          // an heir made after an unvalidated check has it validated, one made before it has not
          constraints.every((item) => item.kind !== "check" || item.notValid !== true)
        );
      }),
    );
    if (parent === undefined || takenNames(metadata).has(name)) return metadata;
    const own: readonly Column[] = choices
      .some(EXTRAS, 0, 2)
      .map((column) => ({ ...column, name: `own ${column.name}` }));
    const [indexed] = own;
    const index = indexed !== undefined && choices.chance(30) ? indexOn(name, indexed) : [];
    const check: readonly Constraint[] =
      indexed !== undefined && choices.chance(30)
        ? [
            {
              kind: "check",
              name: `ck_${name}`,
              expression: sql`${sql.identifier(indexed.name)} IS NOT NULL OR 1 = 1`,
            },
          ]
        : [];
    const heir: Table = {
      ...bare(name, { inherits: parentPath(parent) }),
      columns: own,
      indexes: index,
      constraints: check,
    };
    return { ...metadata, tables: [...metadata.tables, heir] };
  },
};
