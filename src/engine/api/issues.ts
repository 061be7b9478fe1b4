/** Converts schema issues to the `fields` of an error response. */
import type { GenericSchema, ObjectEntries } from "valibot";
import { notAnObject } from "../../api/building-blocks.ts";
import type { FieldProblem } from "./problem.ts";

/** Maximum fields in one response; a person does not fix more at once. */
const MAX_FIELDS = 20;

/** An issue as valibot and Standard Schema report it. */
export interface Issue {
  message: string;
  path?: readonly { key: unknown }[] | undefined;
}

export type Part = "param" | "query" | "header" | "json";

/**
 * @param part the part that was validated
 * @param names other names for the body's top-level fields
 * @param isList the body is only a list
 */
export function fieldProblems(
  issues: readonly Issue[],
  part: Part,
  names: Readonly<Record<string, string>> = {},
  isList = false,
): FieldProblem[] {
  const problems = new Map<string, FieldProblem>();
  for (const { path = [], message } of issues) {
    const field = fieldName(path, part, names, isList);
    // Only the first issue of a field: fixing it may remove the others.
    if (!problems.has(field)) problems.set(field, { field, message });
  }
  return [...problems.values()].slice(0, MAX_FIELDS);
}

function fieldName(
  path: NonNullable<Issue["path"]>,
  part: Part,
  names: Readonly<Record<string, string>>,
  isList: boolean,
): string {
  const keys = path.map((item) => item.key);
  const [first] = keys;
  if (first === undefined) return part === "json" ? "body" : part;
  if (part === "header") return headerName(pathText([first]));
  // In a body that is only the list, its items have no field of their own.
  if (typeof first === "number") return pathText([...Object.values(names).slice(0, 1), ...keys]);
  // A problem of the field itself, such as a missing one, has the name that the caller must write.
  const isRenamed = typeof first === "string" && Object.hasOwn(names, first) && (isList || keys.length > 1);
  return pathText([isRenamed ? names[first] : first, ...keys.slice(1)]);
}

/** The parts of valibot's schemas that say where there are objects, lists and alternatives. */
interface Shape {
  entries?: ObjectEntries;
  item?: GenericSchema;
  wrapped?: GenericSchema;
  /** Of a union; a picklist has values here, which no array fits. */
  options?: readonly GenericSchema[];
}

/**
 * Finds arrays in places where the schema has an object. This runs before the schema, because valibot treats an array
 * as an object with numbers as keys, and accepts an empty array if all keys are optional.
 */
export function misplacedArrays(
  schema: GenericSchema,
  value: unknown,
  path: readonly { key: unknown }[] = [],
): Issue[] {
  const { entries, item, wrapped, options } = schema as Shape;
  if (wrapped !== undefined) return misplacedArrays(wrapped, value, path);
  if (options !== undefined) {
    const fitting = options.find((option) => ((option as Shape).item !== undefined) === Array.isArray(value));
    return fitting === undefined ? [] : misplacedArrays(fitting, value, path);
  }
  if (Array.isArray(value)) {
    if (entries !== undefined) return [{ message: notAnObject(Object.keys(entries).join(", ")), path }];
    return item === undefined ? [] : value.flatMap((one, key) => misplacedArrays(item, one, [...path, { key }]));
  }
  if (typeof value !== "object" || value === null || entries === undefined) return [];
  return Object.entries(entries).flatMap(([key, entry]) =>
    misplacedArrays(entry as GenericSchema, (value as Record<string, unknown>)[key], [...path, { key }]),
  );
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
