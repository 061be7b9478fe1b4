/** Every saved version: its changes, and a button to load it. */
import type { Automation } from "../../core/automation/automation.ts";
import { plural, stamp } from "../format.ts";
import { accountApi, get } from "./api.ts";
import { type Change, changesOf } from "./automation-changes.ts";
import { button, fill, h } from "./dom.ts";
import type { AutomationList } from "../../api/automation.ts";

interface Way {
  /** The newest of them, which is the one in force: the page may have been drawn before it was saved. */
  newest(list: AutomationList): void;
  close(): void;
  take(items: readonly Automation[], version: number): void;
}

export async function showVersions(host: HTMLElement, way: Way): Promise<void> {
  const { items } = await get<{ items: AutomationList[] }>(accountApi("/automations/versions"));
  const [newest] = items;
  if (newest !== undefined) way.newest(newest);
  const rows = items.map((version, index) => {
    const before = items[index + 1]?.items ?? [];
    // The one before it is not kept any more: what has changed cannot be said.
    const oldest = index === items.length - 1 && version.version > 1;
    const changes = oldest ? [] : changesOf(before, version.items);
    return h(
      "li",
      { class: "card" },
      h(
        "header",
        {},
        h("h2", {}, `Version ${version.version}`),
        h("span", { class: "muted" }, version.updatedAt === null ? "" : stamp(version.updatedAt)),
        version === newest
          ? h("span", { class: "pill good when" }, "Active")
          : h(
              "span",
              { class: "when" },
              button("Load this version", () => way.take(version.items, version.version), { class: "small" }),
            ),
      ),
      oldest &&
        h(
          "p",
          { class: "muted" },
          `${plural(version.items.length, "automation")}. The previous version is no longer stored.`,
        ),
      changeList(changes),
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
      "The newest 50 versions are stored. A loaded version becomes active when you save it as a new version.",
    ),
    h("ol", { class: "cards" }, rows),
  );
}

export const changeList = (changes: readonly Change[]): HTMLElement =>
  h(
    "ul",
    { class: "changes" },
    changes.map(({ sign, text }) => h("li", { class: sign }, h("b", { "aria-hidden": "true" }, SIGNS[sign]), text)),
  );

const SIGNS = { added: "+", removed: "−", changed: "~", moved: "↕", same: "=" } as const;
