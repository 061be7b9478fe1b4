/** Which webhook fields bring the events that an account needs: those its triggers wait for, and echoes. */
import type { Automation, TriggerOn } from "../../core/automation/automation.ts";
import { fieldsOf, type Setup } from "../../meta/fields.ts";
import type { Login, Platform } from "../../meta/graph/request.ts";

/** Null: this platform has no such events. `mention`: part of `comments` with Instagram Login. */
const FIELDS: Readonly<Record<TriggerOn, Readonly<Record<Platform, string | null>>>> = {
  comment: { instagram: "comments", page: "feed" },
  live_comment: { instagram: "live_comments", page: null },
  mention: { instagram: "mentions", page: "mention" },
  message: { instagram: "messages", page: "messages" },
  story_reply: { instagram: "messages", page: null },
  story_mention: { instagram: "messages", page: null },
  postback: { instagram: "messaging_postbacks", page: "messaging_postbacks" },
  referral: { instagram: "messaging_referral", page: "messaging_referrals" },
  reaction: { instagram: "message_reactions", page: "message_reactions" },
  optin: { instagram: "messaging_optins", page: "messaging_optins" },
};

export interface Needed {
  fields: string[];
  /** Automations that wait for what this account can never get, by name. */
  impossible: string[];
}

/** What the enabled automations of an account need to be told of. */
export function neededFields(login: Login, platform: Platform, automations: readonly Automation[]): Needed {
  const fields = new Set<string>();
  const impossible: string[] = [];
  for (const { enabled, name, trigger } of automations) {
    if (!enabled) continue;
    const field = FIELDS[trigger.on][platform];
    if (field === null) impossible.push(name);
    else fields.add(field === "mentions" && login === "instagram" ? "comments" : field);
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
  const rows = fieldsOf(setupOf(login, platform));
  const echoes = rows.find(({ field }) => field === "message_echoes");
  // Behind a Page, Instagram's echoes come with `messages`, whose permissions are the ones that count.
  const bringing = rows.find(({ field }) => field === (echoes?.includedIn ?? echoes?.field));
  if (bringing === undefined) return null;
  const allowed = granted === null || bringing.permissions.every((name) => granted.includes(name));
  return allowed ? bringing.field : null;
}

function setupOf(login: Login, platform: Platform): Setup {
  if (platform === "page") return "page";
  return login === "instagram" ? "instagram_login" : "messenger_instagram";
}
