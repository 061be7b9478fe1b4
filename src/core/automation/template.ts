/**
 * `{{username}}`, with a default `{{username|there}}`.
 *
 * Rendering happens once or twice: before the reply is scheduled, and again before it is sent where a field must be
 * read from Meta first. A stranger's words never become part of the template on the way: braces in a value are kept
 * apart by an invisible U+2060, so no second pass can read a field in them.
 */
import { isTemplateRead, TEMPLATE_FIELDS, type TemplateRead } from "./fields.ts";
import { fitText, type TextLimit } from "./text.ts";

export type TemplatePart =
  | { text: string }
  /** `source` is the field as the template has it, braces included. */
  | { field: string; fallback: string; source: string };

const FIELD = /\{\{\s*([A-Za-z][A-Za-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}/g;

/** Places where two braces of a value meet, or where one could meet a brace of the template. */
const BRACE_BORDERS = /(?<=[{}])(?=[{}])|^(?=[{}])|(?<=[{}])$/g;

/**
 * Room for each value in somebody else's words. A private reply on Instagram has 1000 bytes in all: a long comment
 * must not push the owner's own words, and the link among them, over the end.
 */
const VALUE_LIMIT: TextLimit = { max: 300, unit: "bytes" };

const FREE_TEXT = new Set(TEMPLATE_FIELDS.filter((field) => field.freeText).map((field) => field.name));

/** The template in its parts, in order. Braces that form no field are text. */
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

/** Names of the fields that a template asks for, each once. */
export function fieldsOf(template: string): string[] {
  return [...new Set(parseTemplate(template).flatMap((part) => ("field" in part ? [part.field] : [])))];
}

/** The Graph reads that a template needs before it can be rendered whole. */
export function readsOf(template: string): TemplateRead[] {
  return fieldsOf(template).filter(isTemplateRead);
}

/**
 * The text, trimmed. A field that is missing or blank becomes its default, or nothing.
 *
 * @param fields values by name; they are text, whatever braces they have
 */
export function render(template: string, fields: Readonly<Record<string, string>>): string {
  return renderParts(template, fields, () => false);
}

/** The same, but the fields in `reads` are left as they stand, for a second `render` once Meta has been asked. */
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
