/** The databases as the laws see them: MariaDB is one of its own. */
export type Kind = "sqlite" | "postgresql" | "mysql" | "mariadb";

export const isMysql = (kind: Kind): boolean => kind === "mysql" || kind === "mariadb";
