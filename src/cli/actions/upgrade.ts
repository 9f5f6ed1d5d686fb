import { upgrade, planUpgrade } from "../../commands/upgrade.ts";
import type { Action } from "../action.ts";
import { migrationAction } from "../migration-action.ts";

export const action: Action = migrationAction(upgrade, planUpgrade);
