/** What a schema cannot see in an automation: whether it can ever do what it says. */
import type { Automation } from "../../core/automation/automation.ts";
import { checkAutomation, checkAutomations } from "../../core/automation/validate.ts";
import { automationLimits } from "../../meta/limits.ts";
import type { Platform } from "../../meta/graph/request.ts";
import type { FieldProblem } from "./problem.ts";

/** @param platform null: not connected yet, so the platform with the longer texts is assumed */
export function checkList(automations: readonly Automation[], platform: Platform | null): FieldProblem[] {
  return checkAutomations(automations, limitsOf(platform)).map(({ path, message }) => ({
    field: `automations${path}`,
    message,
  }));
}

/** The same for one automation that is not saved. */
export function checkDraft(draft: Automation, platform: Platform | null): FieldProblem[] {
  return checkAutomation(draft, limitsOf(platform)).map(({ path, message }) => ({ field: path, message }));
}

const limitsOf = (platform: Platform | null) => automationLimits(platform ?? "page");
