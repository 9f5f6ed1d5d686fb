/** The databases the suite runs on. Every conformance test runs on each of them. */
export const databaseKinds = [
  "sqlite",
  "postgresql15",
  "postgresql18",
  "mariadb",
  "mysql",
] as const;

export type DatabaseKind = (typeof databaseKinds)[number];

/** Kinds that need a server. */
export type ServerKind = Exclude<DatabaseKind, "sqlite">;

export const serverKinds: readonly ServerKind[] = [
  "postgresql15",
  "postgresql18",
  "mariadb",
  "mysql",
];

/** The dialect a kind speaks. */
export type Family = "sqlite" | "postgresql" | "mariadb" | "mysql";

export const familyOf: Readonly<Record<DatabaseKind, Family>> = {
  sqlite: "sqlite",
  postgresql15: "postgresql",
  postgresql18: "postgresql",
  mariadb: "mariadb",
  mysql: "mysql",
};

/** A kind that does not run, and why. `chosen`: somebody asked for it, so it is no failure in CI. */
export interface Skipped {
  readonly kind: DatabaseKind;
  readonly reason: string;
  readonly chosen: boolean;
}

export function isServerKind(text: string): text is ServerKind {
  return serverKinds.some((kind) => kind === text);
}
