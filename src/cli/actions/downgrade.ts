import { downgrade, planDowngrade } from "../../commands/downgrade.ts";
import { abortable } from "../abort-action.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";
import { migrationAction } from "../migration-action.ts";

export const action: Action = abortable(eachDatabase(migrationAction(downgrade, planDowngrade)));
