/** Which webhook field brings the events that a trigger waits for. */
import type { Automation, TriggerOn } from "../../core/automation/automation.ts";
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
