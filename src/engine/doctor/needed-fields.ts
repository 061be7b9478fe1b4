/** Which webhook fields bring the events that an account needs: those its triggers wait for, and echoes. */
import type { Automation } from "../../core/automation/automation.ts";
import { fieldOfTrigger, fieldsOf, type Setup, type WebhookField } from "../../meta/fields.ts";
import type { Login, Platform } from "../../meta/graph/request.ts";

export interface Needed {
  fields: string[];
  /** Automations that wait for what this account can never get, by name. */
  impossible: string[];
}

/** The webhook fields that the enabled automations of an account need. */
export function neededFields(login: Login, platform: Platform, automations: readonly Automation[]): Needed {
  const fields = new Set<string>();
  const impossible: string[] = [];
  for (const { enabled, name, trigger } of automations) {
    if (!enabled) continue;
    const field = fieldOfTrigger(platform, trigger.on);
    if (field === null) impossible.push(name);
    else fields.add(bringing(login, platform, field)?.field ?? field);
  }
  return { fields: [...fields], impossible };
}

/**
 * The field that brings echoes: how Replyline sees that a person has answered, and what settles an uncertain reply.
 *
 * @param granted null: not known, so it is taken to be allowed
 * @returns null: these permissions do not allow it
 */
export function echoField(login: Login, platform: Platform, granted: readonly string[] | null): string | null {
  const row = bringing(login, platform, "message_echoes");
  if (row === null) return null;
  const allowed = granted === null || row.permissions.every((name) => granted.includes(name));
  return allowed ? row.field : null;
}

/** The field that is subscribed to for the events of another; null where this setup has none of them. */
function bringing(login: Login, platform: Platform, field: string): WebhookField | null {
  const rows = fieldsOf(setupOf(login, platform));
  const row = rows.find((candidate) => candidate.field === field);
  return rows.find((candidate) => candidate.field === (row?.includedIn ?? row?.field)) ?? null;
}

function setupOf(login: Login, platform: Platform): Setup {
  if (platform === "page") return "page";
  return login === "instagram" ? "instagram_login" : "messenger_instagram";
}
