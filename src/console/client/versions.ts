/** Every saved version: what changed, and the way back. */
import type { Automation } from "../../core/automation/automation.ts";
import { stamp } from "../format.ts";
import { accountApi, get } from "./api.ts";
import { button, fill, h } from "./dom.ts";

interface Version {
  version: number;
  updatedAt: number | null;
  items: Automation[];
}

interface Way {
  close(): void;
  take(items: readonly Automation[], version: number): void;
}

export async function showVersions(host: HTMLElement, current: number, way: Way): Promise<void> {
  const { items } = await get<{ items: Version[] }>(accountApi("/automations/versions"));
  const rows = items.map((version, index) => {
    const changes = changesOf(items[index + 1]?.items ?? [], version.items);
    return h(
      "li",
      { class: "card" },
      h(
        "header",
        {},
        h("h2", {}, `Version ${version.version}`),
        h("span", { class: "muted" }, version.updatedAt === null ? "" : stamp(version.updatedAt)),
        version.version === current
          ? h("span", { class: "pill good when" }, "In force")
          : h(
              "span",
              { class: "when" },
              button("Lay it out again", () => way.take(version.items, version.version), { class: "small" }),
            ),
      ),
      h(
        "ul",
        { class: "changes" },
        changes.map(({ sign, text }) => h("li", { class: sign }, h("b", { "aria-hidden": "true" }, SIGNS[sign]), text)),
      ),
    );
  });
  fill(
    host,
    h(
      "div",
      { class: "head" },
      h("h2", {}, "Versions"),
      button("Back to the list", () => way.close(), { class: "quiet" }),
    ),
    h(
      "p",
      { class: "muted lead" },
      "The newest 50 are kept. A version that is laid out again is only in force once it is saved, as a new one.",
    ),
    h("ol", { class: "cards" }, rows),
  );
}

const SIGNS = { added: "+", removed: "−", changed: "~", moved: "↕", same: "=" } as const;

interface Change {
  sign: keyof typeof SIGNS;
  text: string;
}

/** What a person would say has changed between two lists. */
export function changesOf(before: readonly Automation[], after: readonly Automation[]): Change[] {
  const old = new Map(before.map((one) => [one.id, one]));
  const changes: Change[] = [];
  for (const automation of after) {
    const was = old.get(automation.id);
    if (was === undefined) changes.push({ sign: "added", text: `“${automation.name}” is new` });
    else
      for (const text of differences(was, automation))
        changes.push({ sign: "changed", text: `“${automation.name}”: ${text}` });
  }
  for (const automation of before) {
    if (!after.some(({ id }) => id === automation.id))
      changes.push({ sign: "removed", text: `“${automation.name}” is gone` });
  }
  const shared = (list: readonly Automation[], other: readonly Automation[]): string =>
    list
      .filter(({ id }) => other.some((one) => one.id === id))
      .map(({ id }) => id)
      .join("\n");
  if (shared(before, after) !== shared(after, before)) changes.push({ sign: "moved", text: "The order is another" });
  return changes.length > 0 ? changes : [{ sign: "same", text: "Nothing" }];
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
  if (value === undefined) return "nothing";
  if (typeof value === "string") return `“${value}”`;
  return JSON.stringify(value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
