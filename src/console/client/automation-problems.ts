/** What is wrong with an automation before it is saved, in sentences. */
import type { Automation } from "../../core/automation/automation.ts";
import { checkAutomation } from "../../core/automation/validate.ts";
import type { TextLimits } from "../model.ts";

/** As the API has it. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/** @param taken ids of the others */
export function problemsOf(automation: Automation, taken: ReadonlySet<string>, limits: TextLimits): string[] {
  const { id, name } = automation;
  const own: string[] = [];
  if (name.trim() === "") own.push("Give it a name.");
  else if (!ID.test(id)) own.push("The id must be 1 to 64 letters, digits, dots, dashes or underscores.");
  if (taken.has(id)) own.push("Another automation has this id.");
  const { message, comment, quickReplies } = limits;
  const found = checkAutomation(automation, { messageText: message, commentText: comment, quickReplies });
  return [...own, ...found.map(({ message: text }) => text)];
}
