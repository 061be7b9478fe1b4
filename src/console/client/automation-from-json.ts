/** JSON from a text field, as an automation: enough of a check that the form can show it. The API checks the rest. */
import { type Automation, MATCHES, type MessageContent, TRIGGERS } from "../../core/automation/automation.ts";
import { isObject } from "../../core/automation/part-problem.ts";

/** @returns the automation, or what is wrong with the text */
export function readAutomation(text: string): Automation | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : "This is not valid JSON.";
  }
  if (!isObject(value)) return "An automation must be a JSON object: { … }.";
  const { id, name, enabled = true, trigger, actions, deferSeconds } = value;
  if (typeof id !== "string" || typeof name !== "string") return "“id” and “name” must be strings.";
  if (typeof enabled !== "boolean") return "“enabled” must be true or false.";
  if (!isObject(trigger)) return "“trigger” must be an object.";
  if (!isObject(actions)) return "“actions” must be an object.";
  const { on, match = "word", keywords = [], mediaIds = [] } = trigger;
  if (!TRIGGERS.some((one) => one === on)) return `“trigger.on” must be one of ${TRIGGERS.join(", ")}.`;
  if (!MATCHES.some((one) => one === match)) return `“trigger.match” must be one of ${MATCHES.join(", ")}.`;
  if (!areTexts(keywords)) return "“trigger.keywords” must be a list of strings.";
  if (!areTexts(mediaIds)) return "“trigger.mediaIds” must be a list of strings. Put each id in quotes.";
  for (const action of ["privateReply", "message"] as const) {
    const content = actions[action];
    if (content !== undefined && !isContent(content))
      return `“actions.${action}” must have a “text” or an “attachment”.`;
  }
  const { publicReply } = actions;
  if (publicReply !== undefined && !(isObject(publicReply) && areTexts(publicReply["texts"]))) {
    return "“actions.publicReply.texts” must be a list of strings.";
  }
  if (deferSeconds !== undefined && typeof deferSeconds !== "number") return "“deferSeconds” must be a number.";
  // Each field has been looked at above; that the whole is one is more than types can follow.
  return { ...value, enabled, trigger: { ...trigger, match, keywords, mediaIds } } as unknown as Automation;
}

function isContent(value: unknown): value is MessageContent {
  if (!isObject(value)) return false;
  const { text, attachment, quick_replies: quickReplies } = value;
  if (text !== undefined && typeof text !== "string") return false;
  if (attachment !== undefined && !(isObject(attachment) && typeof attachment["type"] === "string")) return false;
  return quickReplies === undefined || Array.isArray(quickReplies);
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
