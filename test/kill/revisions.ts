/** What each of the twenty revisions does: changes of the schema, data that depend on data, and both mixed. */
const UPGRADES: readonly string[] = [
  `op.createTable("person", (t) => ({ id: t.integer().primaryKey(), name: t.varchar(50).notNull(), age: t.integer() }));`,
  `op.bulkInsert("person", Array.from({ length: 40 }, (_, n) => ({ id: n + 1, name: "person " + (n + 1), age: n % 7 === 0 ? null : 20 + n })));`,
  `op.createTable("team", (t) => ({ id: t.integer().primaryKey(), title: t.varchar(60).notNull() }));
   op.bulkInsert("team", [{ id: 1, title: "red" }, { id: 2, title: "blue" }]);
   op.addColumn("person", "team_id", (t) => t.integer());
   op.execute("UPDATE person SET team_id = 1 + id % 2");`,
  `op.createIndex("ix_person_team", "person", ["team_id"]);`,
  `op.execute("UPDATE person SET age = age + 1 WHERE age IS NOT NULL");`,
  `for (const { id, name } of await op.query("SELECT id, name FROM person WHERE age IS NULL ORDER BY id"))
     op.execute(op.sql\`UPDATE person SET age = \${name.length} WHERE id = \${id}\`);
   op.addColumn("person", "initial", (t) => t.varchar(1));
   op.execute("UPDATE person SET initial = 'p'");`,
  `op.createTable("note", (t) => ({ id: t.integer().primaryKey(), person_id: t.integer().notNull(), body: t.varchar(200) }));
   op.execute("INSERT INTO note SELECT id, id, name FROM person WHERE id <= 10");
   op.createIndex("ix_note_person", "note", ["person_id"]);
   op.execute("INSERT INTO note SELECT id, id, name FROM person WHERE id > 10");`,
  `op.renameColumn("note", "body", "content");`,
  `op.createUniqueConstraint("uq_team_title", "team", ["title"]);
   op.execute("INSERT INTO team VALUES (3, 'green')");`,
  `op.createForeignKey("fk_note_person", "note", "person", ["person_id"], ["id"]);`,
  `op.alterColumn("person", "initial", (t) => ({ from: t.varchar(1), to: t.varchar(10) }));
   op.execute("UPDATE person SET initial = 'pe'");`,
  `op.execute("CREATE TABLE counted (n INTEGER NOT NULL)");
   op.execute("INSERT INTO counted SELECT count(*) FROM person");`,
  `const [{ n }] = await op.query("SELECT n FROM counted");
   op.execute(op.sql\`INSERT INTO counted VALUES (\${Number(n) + 1})\`);
   op.addColumn("counted", "extra", (t) => t.integer());
   op.execute("UPDATE counted SET extra = n * 2");`,
  `op.renameTable("counted", "tally");
   op.execute("UPDATE tally SET extra = extra + 1");`,
  `op.dropIndex("ix_person_team", "person");
   op.createIndex("ix_person_name_age", "person", ["name", "age"]);`,
  `op.execute("DELETE FROM person WHERE id > 30 AND NOT EXISTS (SELECT 1 FROM note WHERE note.person_id = person.id)");
   op.execute("INSERT INTO person (id, name, age, team_id) VALUES (100, 'last', 1, 2)");`,
  `op.dropConstraint("fk_note_person", "note", "foreignKey");
   op.execute("UPDATE note SET person_id = person_id + 1");
   op.dropColumn("person", "initial");
   op.execute("UPDATE person SET age = age * 2");`,
  `op.createTable("audit", (t) => ({ id: t.integer().primaryKey(), what: t.varchar(20) }));
   op.createTable("audit_line", (t) => ({ id: t.integer().primaryKey(), audit_id: t.integer().references("audit.id", { name: "fk_audit_line" }) }));
   op.bulkInsert("audit", [{ id: 1, what: "begin" }]);
   op.bulkInsert("audit_line", [{ id: 1, audit_id: 1 }, { id: 2, audit_id: 1 }]);`,
  `op.dropTable("note");
   op.execute("UPDATE audit SET what = 'end'");`,
  `op.createCheckConstraint("ck_person_age", "person", op.sql\`age >= 0\`);
   op.execute("INSERT INTO audit VALUES (2, 'done')");`,
];

/** Ids, the oldest first. */
export const CHAIN: readonly string[] = UPGRADES.map(
  (_, at) => `r${String(at + 1).padStart(2, "0")}`,
);

/** The files of a history of twenty revisions, by path. */
export function revisionFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    UPGRADES.map((body, at): [string, string] => {
      const id = CHAIN[at] ?? "";
      const down = CHAIN[at - 1];
      const text = `export const revision = "${id}";
export const downRevision = ${down === undefined ? "null" : `"${down}"`};
export async function upgrade(op) {
   ${body}
}
export async function downgrade(op) {}
`;
      return [`migrations/versions/${id}.ts`, text];
    }),
  );
}
