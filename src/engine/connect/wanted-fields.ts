/** Which webhook fields a new connection asks for. */
import { fieldsOf } from "../../meta/fields.ts";
import type { Login, Platform } from "../../meta/graph/request.ts";

/** Of a Page: what automations can answer, and what tells them to stand back. Payments, games and leads are left out. */
const PAGE_FIELDS = [
  "feed",
  "mention",
  "messages",
  "message_echoes",
  "message_edits",
  "message_reactions",
  "message_reads",
  "messaging_handovers",
  "messaging_optins",
  "messaging_policy_enforcement",
  "messaging_postbacks",
  "messaging_referrals",
  "standby",
];

/** What is asked for when Meta refuses the whole list because of one name in it. */
const ESSENTIAL: Record<"instagram_login" | "page", readonly string[]> = {
  instagram_login: ["comments", "live_comments", "messages", "message_echoes", "messaging_postbacks"],
  page: ["feed", "messages", "message_echoes", "messaging_postbacks"],
};

/**
 * Meta's table asks for the comments permission here, and not every app's dashboard lists it for Instagram Login: the
 * rest must not be lost with it.
 */
const DOUBTFUL = "message_echoes";

/**
 * Lists to try in turn; none: nothing can be asked for with these permissions.
 *
 * @param granted null: not known, so everything is tried
 */
export function wantedFields(login: Login, platform: Platform, granted: readonly string[] | null): string[][] {
  // Instagram's fields belong to the app there; any field of the Page switches them on (Setup Webhooks Subscriptions).
  if (login === "facebook" && platform === "instagram") return [["feed"]];
  const setup = platform === "page" ? "page" : "instagram_login";
  const possible = fieldsOf(setup)
    .filter(({ field, includedIn }) => includedIn === null && (setup !== "page" || PAGE_FIELDS.includes(field)))
    .filter(({ permissions }) => granted === null || permissions.every((name) => granted.includes(name)))
    .map(({ field }) => field);
  const essential = possible.filter((field) => ESSENTIAL[setup].includes(field));
  const certain = essential.filter((field) => field !== DOUBTFUL);
  return [possible, essential, certain].filter(
    (fields, index, lists) => fields.length > 0 && fields.length !== lists[index - 1]?.length,
  );
}
