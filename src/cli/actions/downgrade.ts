import { downgrade, planDowngrade } from "../../commands/downgrade.ts";
import type { Action } from "../action.ts";
import { migrationAction } from "../migration-action.ts";

export const action: Action = migrationAction(downgrade, planDowngrade);
