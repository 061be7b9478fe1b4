/** What is wrong with an automation before it is saved, and what the API has said of a list. */
import type { Automation } from "../../core/automation/automation.ts";
import { checkAutomation } from "../../core/automation/validate.ts";
import type { TextLimits } from "../model.ts";
import { formProblemOfField, type FormProblem, formProblemOf } from "./form-problems.ts";

/** As the API has it. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/** @param taken ids of the others */
export function problemsOf(automation: Automation, taken: ReadonlySet<string>, limits: TextLimits): FormProblem[] {
  const { id, name } = automation;
  const own: FormProblem[] = [];
  if (name.trim() === "") own.push({ field: "name", text: "Enter a name." });
  else if (!ID.test(id))
    own.push({ field: "id", text: "The id must be 1 to 64 letters, digits, dots, dashes or underscores." });
  if (taken.has(id)) own.push({ field: "id", text: "Another automation has this id." });
  const { message, comment, quickReplies } = limits;
  const found = checkAutomation(automation, { messageText: message, commentText: comment, quickReplies });
  return [...own, ...found.map((problem) => formProblemOf(problem, automation))];
}

export interface Refused extends FormProblem {
  /** Of which automation; null: of the list as a whole. */
  id: string | null;
  name: string | null;
}

/** The API's answer to a list, `automations[2].trigger.keywords[0]`, said of the automation that it is about. */
export function refusalOf(
  fields: readonly { field: string; message: string }[],
  items: readonly Automation[],
): Refused[] {
  return fields.map(({ field, message }) => {
    const [, number = "", path = ""] = /^automations\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
    const automation = number === "" ? undefined : items[Number(number)];
    if (automation === undefined) return { id: null, name: null, field: null, text: `The list ${message}.` };
    const { id, name } = automation;
    return { id, name, ...formProblemOfField(path, message, automation) };
  });
}

/** One line about one automation, where several are shown. */
export const refusedLine = ({ name, text }: Refused): string => (name === null ? text : `“${name}”: ${text}`);
