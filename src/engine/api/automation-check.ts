/** What a schema cannot see in an automation: whether it can ever do what it says. */
import type { Automation } from "../../core/automation/automation.ts";
import type { Platform } from "../account/contract.ts";
import type { FieldProblem } from "./problem.ts";

/** @param platform null: the account is not connected yet, so only what holds for every platform is checked */
export function checkAutomations(automations: readonly Automation[], platform: Platform | null): FieldProblem[] {
  const placeOf = new Map<string, number>();
  return automations.flatMap((automation, index) => {
    const path = `automations[${index}]`;
    const before = placeOf.get(automation.id);
    if (before === undefined) placeOf.set(automation.id, index);
    const twice = { field: `${path}.id`, message: `is the id of automations[${before}] too; give each its own` };
    const inside = checkDraft(automation, platform).map(({ field, message }) => ({
      field: `${path}.${field}`,
      message,
    }));
    return before === undefined ? inside : [twice, ...inside];
  });
}

export function checkDraft(_automation: Automation, _platform: Platform | null): FieldProblem[] {
  return [];
}
