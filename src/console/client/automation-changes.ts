/** What has changed between two versions of an account's automations. */
import type { Automation } from "../../core/automation/automation.ts";
import { isObject } from "../../core/automation/part-problem.ts";

export interface Change {
  sign: "added" | "removed" | "changed" | "moved" | "same";
  text: string;
}

/** What a person would say has changed between two lists. */
export function changesOf(before: readonly Automation[], after: readonly Automation[]): Change[] {
  const old = new Map(before.map((one) => [one.id, one]));
  const changes: Change[] = [];
  for (const automation of after) {
    const was = old.get(automation.id);
    if (was === undefined) changes.push({ sign: "added", text: `“${automation.name}” added` });
    else
      for (const text of differences(was, automation))
        changes.push({ sign: "changed", text: `“${automation.name}”: ${text}` });
  }
  for (const automation of before) {
    if (!after.some(({ id }) => id === automation.id))
      changes.push({ sign: "removed", text: `“${automation.name}” removed` });
  }
  const shared = (list: readonly Automation[], other: readonly Automation[]): string =>
    list
      .filter(({ id }) => other.some((one) => one.id === id))
      .map(({ id }) => id)
      .join("\n");
  if (shared(before, after) !== shared(after, before)) changes.push({ sign: "moved", text: "Order changed" });
  return changes.length > 0 ? changes : [{ sign: "same", text: "No changes" }];
}

function differences(before: unknown, after: unknown, path = ""): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return [`${path}: ${shown(before)} → ${shown(after)}`];
}

function shown(value: unknown): string {
  if (value === undefined) return "not set";
  if (typeof value === "string") return `“${value}”`;
  return JSON.stringify(value);
}
