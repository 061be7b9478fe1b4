/** Validates automations beyond what their types express. Every problem has a path and says how to fix it. */
import { MAX_DEFER_SECONDS } from "../settings.ts";
import { type Automation, COMMENT_TRIGGERS, type MessageContent, type TriggerOn } from "./automation.ts";
import { TEMPLATE_FIELDS } from "./fields.ts";
import { foldText } from "./match.ts";
import { attachmentProblems, quickReplyProblems } from "./message-parts.ts";
import type { PartProblem } from "./part-problem.ts";
import { parseTemplate } from "./template.ts";
import { lengthIn, type TextLimit } from "./text.ts";

export interface Problem {
  /** JSON path: `actions.privateReply.text`, `trigger.keywords[1]`. */
  path: string;
  code: ProblemCode;
  message: string;
}

export type ProblemCode =
  | "keywords_missing"
  | "keyword_blank"
  | "media_not_for_trigger"
  | "action_missing"
  | "action_not_for_trigger"
  | "content_missing"
  | "content_ambiguous"
  | "text_too_long"
  | "field_unknown"
  | "field_not_for_trigger"
  | "braces_unmatched"
  | "too_many_quick_replies"
  | "part_wrong"
  | "defer_out_of_range"
  | "id_repeated";

/** Meta's limits. The caller passes them in, because the core does not import `meta`. */
export interface AutomationLimits {
  /** One message or private reply. */
  messageText: TextLimit;
  /** One public comment. */
  commentText: TextLimit;
  quickReplies: number;
  /** Absent: not known; then what one of the platforms accepts is accepted. */
  platform?: "instagram" | "page";
}

/** One day at most: after that, the reply window of a message has closed. */

/** Problems in a list of automations, including repeated ids. Paths begin with `[0]`, `[1]` … */
export function checkAutomations(automations: readonly Automation[], limits: AutomationLimits): Problem[] {
  return automations.flatMap((automation, index) => {
    const problems = checkAutomation(automation, limits);
    const first = automations.findIndex(({ id }) => id === automation.id);
    if (first !== index)
      problems.push(
        problem("id", "id_repeated", `The id is also that of automations[${first}]. Give each automation its own.`),
      );
    return problems.map(({ path, ...rest }) => ({ path: `[${index}].${path}`, ...rest }));
  });
}

/** Problems in one automation; empty if it is valid. */
export function checkAutomation(automation: Automation, limits: AutomationLimits): Problem[] {
  return [
    ...checkTrigger(automation),
    ...checkActions(automation),
    ...checkContents(automation, limits),
    ...checkDeferral(automation.deferSeconds),
  ];
}

function checkTrigger({ trigger }: Automation): Problem[] {
  const { on, keywords, match, mediaIds } = trigger;
  const problems: Problem[] = [];
  if (match !== "any" && keywords.length === 0) {
    problems.push(problem("trigger.keywords", "keywords_missing", 'Give at least one keyword, or match "any".'));
  }
  for (const [index, keyword] of keywords.entries()) {
    if (foldText(keyword) !== "") continue;
    problems.push(problem(`trigger.keywords[${index}]`, "keyword_blank", "The keyword is blank."));
  }
  if (mediaIds.length > 0 && !COMMENT_TRIGGERS.includes(on)) {
    const message = `Media can be selected for comment triggers only, not for "${on}".`;
    problems.push(problem("trigger.mediaIds", "media_not_for_trigger", message));
  }
  return problems;
}

function checkActions({ trigger: { on }, actions }: Automation): Problem[] {
  const onComment = COMMENT_TRIGGERS.includes(on);
  const wanted = onComment ? "privateReply or publicReply" : "message";
  const allowed = onComment ? [actions.privateReply, actions.publicReply] : [actions.message];
  const problems: Problem[] = [];
  if (allowed.every((action) => action === undefined)) {
    problems.push(problem("actions", "action_missing", `The trigger "${on}" needs ${wanted}.`));
  }
  const foreign = onComment ? (["message"] as const) : (["privateReply", "publicReply"] as const);
  for (const name of foreign) {
    if (actions[name] === undefined) continue;
    problems.push(problem(`actions.${name}`, "action_not_for_trigger", `The trigger "${on}" uses ${wanted}.`));
  }
  if (on === "live_comment" && actions.publicReply !== undefined) {
    const message = "Meta does not allow public replies to comments on live video. Use privateReply.";
    problems.push(problem("actions.publicReply", "action_not_for_trigger", message));
  }
  return problems;
}

function checkContents({ trigger: { on }, actions }: Automation, limits: AutomationLimits): Problem[] {
  const { privateReply, publicReply, message } = actions;
  return [
    ...(privateReply === undefined ? [] : checkContent("actions.privateReply", on, privateReply, limits)),
    ...(message === undefined ? [] : checkContent("actions.message", on, message, limits)),
    ...(publicReply === undefined ? [] : checkPublicReply(on, publicReply.texts, limits.commentText)),
  ];
}

function checkContent(path: string, on: TriggerOn, content: MessageContent, limits: AutomationLimits): Problem[] {
  const { text, attachment, quick_replies: quickReplies = [] } = content;
  const problems: Problem[] = [];
  if (text === undefined && attachment === undefined) {
    problems.push(problem(path, "content_missing", "Give a text or an attachment."));
  }
  if (text !== undefined && attachment !== undefined) {
    problems.push(problem(path, "content_ambiguous", "Meta allows a text or an attachment in one message, not both."));
  }
  if (text !== undefined) problems.push(...checkText(`${path}.text`, on, text, limits.messageText));
  if (quickReplies.length > limits.quickReplies) {
    const most = `At most ${limits.quickReplies} quick replies.`;
    problems.push(problem(`${path}.quick_replies`, "too_many_quick_replies", most));
  }
  return [...problems, ...partProblems(content, limits).map((one) => within(path, one))];
}

/** Problems in the parts that use Meta's format. The API schema has the same checks (`engine/api/schema`). */
export function partProblems(
  content: MessageContent,
  { quickReplies, platform = null }: { quickReplies: number; platform?: "instagram" | "page" | null },
): PartProblem[] {
  const { text, attachment, quick_replies: replies = [] } = content;
  // First report problems of the part as a whole (too many, or together with a text), then problems inside it.
  return [
    ...(attachment === undefined || text !== undefined ? [] : attachmentProblems(attachment, platform)),
    ...(replies.length > quickReplies ? [] : quickReplyProblems(replies, platform)),
  ];
}

function within(path: string, part: PartProblem): Problem {
  const place = part.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return problem(`${path}${place}`, "part_wrong", `${place.slice(1)} ${part.message}.`);
}

function checkPublicReply(on: TriggerOn, texts: readonly string[], limit: TextLimit): Problem[] {
  if (texts.length === 0) return [problem("actions.publicReply.texts", "content_missing", "Give at least one text.")];
  return texts.flatMap((text, index) => checkText(`actions.publicReply.texts[${index}]`, on, text, limit));
}

/** Checks a text template. Its length is measured without fields, because their values are shortened when sent. */
function checkText(path: string, on: TriggerOn, text: string, limit: TextLimit): Problem[] {
  if (text.trim() === "") return [problem(path, "content_missing", "The text is blank.")];
  const problems: Problem[] = [];
  const parts = parseTemplate(text);
  const own = parts.map((part) => ("text" in part ? part.text : "")).join("");
  const length = lengthIn(own, limit.unit);
  if (length > limit.max) {
    const message = `${length} ${limit.unit} without its fields; Meta allows ${limit.max}.`;
    problems.push(problem(path, "text_too_long", message));
  }
  for (const part of parts) {
    if ("field" in part) problems.push(...checkField(path, on, part.field));
    else if (/\{\{|\}\}/.test(part.text)) {
      const message = `These braces do not form a field: ${excerpt(part.text)}. Write {{name}} or {{name|default}}.`;
      problems.push(problem(path, "braces_unmatched", message));
    }
  }
  return problems;
}

function checkField(path: string, on: TriggerOn, name: string): Problem[] {
  const available = TEMPLATE_FIELDS.filter((field) => field.on.includes(on)).map((field) => field.name);
  if (available.includes(name)) return [];
  const known = TEMPLATE_FIELDS.some((field) => field.name === name);
  const what = known ? `"${on}" has no field {{${name}}}.` : `There is no field {{${name}}}.`;
  const message = `${what} Available fields: ${available.join(", ")}.`;
  return [problem(path, known ? "field_not_for_trigger" : "field_unknown", message)];
}

function checkDeferral(deferSeconds: number | undefined): Problem[] {
  if (deferSeconds === undefined || (deferSeconds >= 0 && deferSeconds <= MAX_DEFER_SECONDS)) return [];
  return [problem("deferSeconds", "defer_out_of_range", `Must be from 0 to ${MAX_DEFER_SECONDS} seconds.`)];
}

function excerpt(text: string): string {
  const at = text.search(/\{\{|\}\}/);
  return text.slice(Math.max(0, at - 10), at + 20).trim();
}

function problem(path: string, code: ProblemCode, message: string): Problem {
  return { path, code, message };
}
