/** Names of the account's automations by id, to show with a decision. */
import type { Automation } from "../../core/automation/automation.ts";
import { accountApi, get } from "./api.ts";

let names: Promise<Map<string, string>> | null = null;

/** An automation that is gone by now has its id for a name. */
export async function automationNames(): Promise<(id: string) => string> {
  names ??= get<{ items: Automation[] }>(accountApi("/automations"))
    .then(({ items }) => new Map(items.map(({ id, name }) => [id, name])))
    .catch(() => {
      names = null;
      return new Map<string, string>();
    });
  const known = await names;
  return (id) => known.get(id) ?? id;
}
