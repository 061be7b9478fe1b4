/** From what a schema found wrong to the fields of the answer. */
import type { BaseIssue, IssuePathItem } from "valibot";
import type { FieldProblem } from "./problem.ts";

/** More than anybody corrects at once. */
const MAX_FIELDS = 20;

export type Part = "param" | "query" | "header" | "json";

/**
 * @param part what was checked
 * @param names other names for the body's own fields
 */
export function fieldProblems(
  issues: readonly BaseIssue<unknown>[],
  part: Part,
  names: Readonly<Record<string, string>> = {},
): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  for (const { path = [], message } of issues) {
    const field = fieldName(path, part, names);
    // The first thing that is wrong with a field; the next one may go away with it.
    if (!problems.has(field)) problems.set(field, { field, message });
  }
  return [...problems.values()].slice(0, MAX_FIELDS);
}

function fieldName(path: readonly IssuePathItem[], part: Part, names: Readonly<Record<string, string>>): string {
  // A list in the place of an object has no keys to name: what is wrong is the list.
  const end = path.findIndex((item) => item.type === "object" && Array.isArray(item.input));
  const keys = path.slice(0, end === -1 ? path.length : end).map((item) => item.key);
  const [first] = keys;
  if (first === undefined) return part === "json" ? "body" : part;
  if (part === "header") return headerName(pathText([first]));
  const renamed = typeof first === "string" && Object.hasOwn(names, first) ? names[first] : first;
  return pathText([renamed, ...keys.slice(1)]);
}

/** The keys as valibot has them in an issue, for what a check of ours has found inside a value. */
export function issuePath(value: unknown, keys: readonly (string | number)[]): [IssuePathItem, ...IssuePathItem[]] {
  let input = value;
  const items = keys.map((key): IssuePathItem => {
    const within = input;
    input = (within as Record<string | number, unknown> | undefined)?.[key];
    return typeof key === "number"
      ? { type: "array", origin: "value", input: within as unknown[], key, value: input }
      : { type: "object", origin: "value", input: within as Record<string, unknown>, key, value: input };
  });
  const [first, ...others] = items;
  if (first === undefined) throw new Error("an issue inside a value has a key");
  return [first, ...others];
}

/** `["automations", 2, "trigger", "keywords"]` as `automations[2].trigger.keywords`. */
export function pathText(keys: readonly unknown[]): string {
  return keys
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${nameOf(key)}`))
    .join("");
}

/** `idempotency-key` as `Idempotency-Key`. */
export function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function nameOf(key: unknown): string {
  return typeof key === "string" ? key : "?";
}
