/** Privileges on what will be made later (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { DefaultPrivileges } from "../../schema/objects/types.ts";

export const defaultPrivilegesKind: ObjectKind<DefaultPrivileges> = {
  kind: "defaultPrivileges",
  is: (object): object is DefaultPrivileges => object.kind === "defaultPrivileges",
  dialects: { postgresql },
};
