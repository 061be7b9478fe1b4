/**
 * Templates: `{{username}}`, or with a default `{{username|there}}`.
 *
 * A template is rendered when the reply is scheduled. It is rendered again before the send if a field must be read from
 * Meta first. Text from other people must never be parsed as part of the template. So braces in a value are separated
 * by an invisible U+2060, and the second pass cannot find a field in them.
 */
import { isTemplateRead, TEMPLATE_FIELDS, type TemplateRead } from "./fields.ts";
import { fitText, type TextLimit } from "./text.ts";

export type TemplatePart =
  | { text: string }
  /** `source` is the field as written in the template, with its braces. */
  | { field: string; fallback: string; source: string };

const FIELD = /\{\{\s*([A-Za-z][A-Za-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}/g;

/** Positions where two braces of a value are adjacent, or where one could be adjacent to a brace of the template. */
const BRACE_BORDERS = /(?<=[{}])(?=[{}])|^(?=[{}])|(?<=[{}])$/g;

/**
 * Maximum length of a free-text value. A private reply on Instagram has at most 1000 bytes: a long comment must not
 * cause the owner's own text, such as a link, to be cut off.
 */
const VALUE_LIMIT: TextLimit = { max: 300, unit: "bytes" };

const FREE_TEXT = new Set(TEMPLATE_FIELDS.filter((field) => field.freeText).map((field) => field.name));

/** Splits the template into text and fields, in order. Braces that do not form a field are text. */
export function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let end = 0;
  for (const match of template.matchAll(FIELD)) {
    if (match.index > end) parts.push({ text: template.slice(end, match.index) });
    parts.push({ field: match[1] ?? "", fallback: (match[2] ?? "").trim(), source: match[0] });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ text: template.slice(end) });
  return parts;
}

/** Names of the fields in a template, without repeats. */
export function fieldsOf(template: string): string[] {
  return [...new Set(parseTemplate(template).flatMap((part) => ("field" in part ? [part.field] : [])))];
}

/** The Graph API reads that a template needs before it can be rendered completely. */
export function readsOf(template: string): TemplateRead[] {
  return fieldsOf(template).filter(isTemplateRead);
}

/**
 * The text, trimmed. A field that is missing or blank becomes its default, or nothing.
 *
 * @param fields values by name; braces in them are plain text
 */
export function render(template: string, fields: Readonly<Record<string, string>>): string {
  return renderParts(template, fields, () => false);
}

/** The same, but fields in `reads` stay unrendered. `render` fills them in after they were read from Meta. */
export function renderBeforeReads(
  template: string,
  fields: Readonly<Record<string, string>>,
  reads: readonly TemplateRead[],
): string {
  return renderParts(template, fields, (name) => reads.some((read) => read === name));
}

function renderParts(
  template: string,
  fields: Readonly<Record<string, string>>,
  isLeft: (name: string) => boolean,
): string {
  const rendered = parseTemplate(template).map((part) => {
    if ("text" in part) return part.text;
    if (isLeft(part.field)) return part.source;
    return inert(valueOf(part.field, fields)) || part.fallback;
  });
  return rendered.join("").trim();
}

function valueOf(name: string, fields: Readonly<Record<string, string>>): string {
  const value = Object.hasOwn(fields, name) ? (fields[name] ?? "").trim() : "";
  return FREE_TEXT.has(name) ? fitText(value, VALUE_LIMIT) : value;
}

function inert(value: string): string {
  return value.replace(BRACE_BORDERS, "\u2060");
}
