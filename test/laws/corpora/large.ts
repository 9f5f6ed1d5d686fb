import type { Kind } from "../generate/kinds.ts";

const STATES = ["draft", "active", "closed", "archived"];

interface Words {
  readonly id: string;
  readonly amount: string;
  readonly flag: string;
  readonly json: string;
  readonly moment: string;
  readonly now: string;
  readonly state: (type: string) => string;
}

const quoted = STATES.map((state) => `'${state}'`).join(", ");

const SERVER: Words = {
  id: "int NOT NULL AUTO_INCREMENT PRIMARY KEY",
  amount: "decimal(12,2)",
  flag: "tinyint(1)",
  json: "json",
  moment: "datetime",
  now: "CURRENT_TIMESTAMP",
  state: () => `enum(${quoted})`,
};

const WORDS: Readonly<Record<Kind, Words>> = {
  sqlite: {
    id: "INTEGER PRIMARY KEY AUTOINCREMENT",
    amount: "DECIMAL(12, 2)",
    flag: "BOOLEAN",
    json: "JSON",
    moment: "DATETIME",
    now: "CURRENT_TIMESTAMP",
    state: () => "VARCHAR(20)",
  },
  postgresql: {
    id: "serial PRIMARY KEY",
    amount: "numeric(12,2)",
    flag: "boolean",
    json: "jsonb",
    moment: "timestamptz",
    now: "now()",
    state: (type) => type,
  },
  mysql: SERVER,
  mariadb: SERVER,
};

const MODULES = ["crm", "sales", "stock", "hr", "web", "mail", "project", "account"];

/**
 * The schema of a business suite with many modules, as SQL: each table with a serial key, an enum, a
 * unique name, checks, foreign keys to tables before it and to itself, and two indexes.
 *
 * @param tables how many
 */
export function largeSchema(kind: Kind, tables: number): string {
  const words = WORDS[kind];
  const name = (number: number): string =>
    `${MODULES[number % MODULES.length] ?? ""}_item_${String(number)}`;
  const types =
    kind === "postgresql"
      ? MODULES.map((module) => `CREATE TYPE ${module}_state AS ENUM (${quoted});`)
      : [];
  const statements = Array.from({ length: tables }, (_, number) => {
    const table = name(number);
    const owner = number === 0 ? undefined : name(Math.floor(number / 2));
    const other = number < 10 ? undefined : name((number * 7) % number);
    const keys = [
      `CONSTRAINT ${table}_parent_fk FOREIGN KEY (parent_id) REFERENCES ${table} (id) ON DELETE SET NULL`,
      ...(owner === undefined
        ? []
        : [
            `CONSTRAINT ${table}_owner_fk FOREIGN KEY (owner_id) REFERENCES ${owner} (id) ON DELETE CASCADE`,
          ]),
      ...(other === undefined
        ? []
        : [`CONSTRAINT ${table}_other_fk FOREIGN KEY (other_id) REFERENCES ${other} (id)`]),
    ];
    const lines = [
      `id ${words.id}`,
      "parent_id int",
      "owner_id int",
      "other_id int",
      "name varchar(120) NOT NULL",
      "code varchar(20) NOT NULL DEFAULT ''",
      `state ${words.state(`${MODULES[number % MODULES.length] ?? ""}_state`)} DEFAULT 'draft'`,
      `amount ${words.amount} DEFAULT 0.00`,
      `is_open ${words.flag} NOT NULL`,
      `note text`,
      `extra ${words.json}`,
      `created_at ${words.moment} DEFAULT ${words.now}`,
      `CONSTRAINT ${table}_name_uq UNIQUE (name)`,
      `CONSTRAINT ${table}_amount_ck CHECK (amount >= 0)`,
      ...keys,
    ];
    return [
      `CREATE TABLE ${table} (\n  ${lines.join(",\n  ")}\n);`,
      `CREATE INDEX ${table}_created_ix ON ${table} (created_at);`,
      `CREATE INDEX ${table}_state_ix ON ${table} (state, owner_id);`,
    ].join("\n");
  });
  return [...types, ...statements, ""].join("\n");
}
