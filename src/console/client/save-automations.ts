/** Saves a list that another person may have saved since it was loaded. */
import type { Automation } from "../../core/automation/automation.ts";
import { accountApi, api, ApiError, get } from "./api.ts";
import { type Refused, refusalOf } from "./automation-problems.ts";
import { changesOf } from "./automation-changes.ts";
import { choose } from "./dialog.ts";
import { h } from "./dom.ts";
import { merge, touched } from "./merge-automations.ts";
import type { AutomationList } from "../../api/automation.ts";
import { toastError } from "./toast.ts";
import { changeList } from "./versions.ts";

export type Saving =
  /** `theirChanges`: saved by another person in between, and part of the new version. */
  | { end: "saved"; list: AutomationList; theirChanges: string[] }
  /** The other person's version was chosen. */
  | { end: "theirs"; list: AutomationList }
  | { end: "refused"; refused: Refused[] }
  /** Not now, or it failed, and that has been said. */
  | { end: "nothing" };

/** @param base what the changes were made on; @param items with the changes */
export async function saveAutomations(base: AutomationList, items: readonly Automation[]): Promise<Saving> {
  let from = base;
  let wanted = items;
  let theirChanges: string[] = [];
  try {
    for (;;) {
      const list = await put(wanted, from.version);
      if (list !== null) return { end: "saved", list, theirChanges };
      const theirs = await get<AutomationList>(accountApi("/automations"));
      const { items: merged, clashes } = merge(from.items, wanted, theirs.items);
      theirChanges = [...new Set([...theirChanges, ...touched(from.items, theirs.items, merged)])];
      if (clashes.length > 0) {
        const chosen = await chooseOne(clashes, theirs.items, merged);
        if (chosen === "theirs") return { end: "theirs", list: theirs };
        if (chosen === null) return { end: "nothing" };
      }
      from = theirs;
      wanted = merged;
    }
  } catch (error) {
    if (error instanceof ApiError && error.fields.length > 0) {
      return { end: "refused", refused: refusalOf(error.fields, wanted) };
    }
    toastError(error);
    return { end: "nothing" };
  }
}

/** What is said of it once it is saved. */
export function savedMessage({ list, theirChanges }: Extract<Saving, { end: "saved" }>): string {
  const saved = `Saved as version ${list.version}. It applies to every new event.`;
  return theirChanges.length === 0
    ? saved
    : `${saved} It includes what another person saved while you were editing (${theirChanges.join(", ")}).`;
}

/** null: another person has saved since that version. */
async function put(items: readonly Automation[], version: number): Promise<AutomationList | null> {
  try {
    return await api<AutomationList>("PUT", accountApi("/automations"), { items, version });
  } catch (error) {
    if (error instanceof ApiError && error.code === "version_conflict") return null;
    throw error;
  }
}

async function chooseOne(
  clashes: readonly string[],
  theirs: readonly Automation[],
  merged: readonly Automation[],
): Promise<"mine" | "theirs" | null> {
  const chosen = await choose({
    title: "Another person has saved changes",
    text: `You have both changed ${clashes.join(", ")}. Saving your version makes these changes to the active version and keeps their other changes:`,
    more: [
      h(
        "div",
        { class: "dialog-more", tabindex: 0, role: "group", "aria-label": "Changes" },
        changeList(changesOf(theirs, merged)),
      ),
      h("p", { class: "hint" }, "Using their version discards your changes."),
    ],
    choices: [
      { value: "theirs", label: "Use their version" },
      { value: "mine", label: "Save my version", danger: true },
    ],
  });
  return chosen === "mine" || chosen === "theirs" ? chosen : null;
}
