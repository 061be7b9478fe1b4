/**
 * Event ids: the same update always gets the same id, also when it is delivered again or in another batch.
 *
 * Meta's deliveries have no id, and a batch may be split differently when it is sent again. So the id is made from the
 * item: object, account, kind, and Meta's id. If there is no such id, it is made from person, time and content. Data of
 * the delivery (headers, other items, time of receipt) is not used.
 *
 *   instagram:17841460928374651:comment:17984512367720415
 *
 * Parts are separated by `:`. All characters except `A-Z a-z 0-9 . _ -` are written as `~` and their four-digit UTF-16
 * code. So a part cannot look like two parts, and an id is valid in a URL path, a log line or a KV key.
 */
import type { EventKind } from "../core/event.ts";
import { idAt, isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from "./json.ts";
import { sha256Hex } from "./sha256.ts";

export interface Identifiable {
  object: string;
  accountId: string;
  kind: EventKind;
  /** For standby: the kind that the item would have if this app owned the thread. */
  inner: EventKind | null;
  field: string;
  /** The `value` of a change or the messaging item. */
  body: JsonObject | null;
  /** Meta's time of the event in ms; null if Meta gives none. Never the receiver's clock. */
  time: number | null;
  /** The item as Meta sent it. Used for the id if the item has no id of its own. */
  raw: string;
}

/** The id of an event: at most `MAX_ID_LENGTH` characters, ASCII. */
export function eventId(of: Identifiable): string {
  return boundedId([of.object, of.accountId, of.kind, ...keyParts(of, of.kind)]);
}

/** The id of unreadable content: the hash of its text, or of the whole body. */
export function quarantineId(object: string, accountId: string, hash: string): string {
  return boundedId([object, accountId, "quarantine", hash]);
}

/**
 * KV keys have at most 512 bytes (documentation: Workers KV, Limits). A longer id is replaced by its readable
 * beginning, `~sha256-` and its SHA-256. This cannot be confused with an escape, because there `~` is followed by
 * hexadecimal digits.
 */
export const MAX_ID_LENGTH = 300;
const READABLE_LENGTH = 200;

function boundedId(parts: readonly (string | null)[]): string {
  const id = parts.map((part) => escapePart(part ?? "")).join(":");
  return id.length <= MAX_ID_LENGTH ? id : `${id.slice(0, READABLE_LENGTH)}~sha256-${sha256Hex(id)}`;
}

const UNSAFE = /[^A-Za-z0-9._-]/g;

const escapePart = (part: string): string =>
  part.replace(UNSAFE, (unit) => `~${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

type Parts = readonly (string | null)[];

/** The key parts of a kind. Each kind has a fixed order, and an empty first part if Meta's id is missing. */
function keyParts(of: Identifiable, kind: EventKind): Parts {
  const { body } = of;
  const sender = idAt(objectAt(body, "sender"), "id");
  const time = of.time === null ? null : String(of.time);
  switch (kind) {
    case "comment":
    case "live_comment":
      // Meta may send a comment on an ad twice, with and without the ad. It is one comment.
      return idAt(body, "id") === null ? byId(of, idAt(body, "comment_id")) : [idAt(body, "id")];
    case "mention":
      return mentionParts(of);
    case "story_insights":
      return byId(of, idAt(body, "media_id"));
    case "message":
    case "message_deleted":
    case "echo":
      return byId(of, idAt(objectAt(body, "message"), "mid"));
    case "message_edit": {
      const edit = objectAt(body, "message_edit");
      return byId(of, idAt(edit, "mid"), String(numberAt(edit, "num_edit") ?? ""));
    }
    case "reaction": {
      // A person can react, remove the reaction and react again. The time distinguishes these events.
      const reaction = objectAt(body, "reaction");
      const what = textAt(reaction, "emoji") ?? textAt(reaction, "reaction");
      return byId(of, idAt(reaction, "mid"), sender, textAt(reaction, "action"), what, time);
    }
    case "postback": {
      const postback = objectAt(body, "postback");
      const mid = idAt(postback, "mid");
      return mid === null ? ["", sender, time, sha256Hex(textAt(postback, "payload") ?? "")] : [mid];
    }
    case "seen": {
      const read = objectAt(body, "read");
      return [sender, idAt(read, "mid"), idAt(read, "watermark")];
    }
    case "delivery": {
      const delivery = objectAt(body, "delivery");
      return [sender, idAt(delivery, "watermark"), sha256Hex(JSON.stringify(listAt(delivery, "mids")))];
    }
    case "referral": {
      const referral = objectAt(body, "referral");
      return [sender, time, idAt(referral, "ref") ?? idAt(referral, "ad_id")];
    }
    case "optin": {
      const optin = objectAt(body, "optin");
      const token = idAt(optin, "notification_messages_token");
      // Do not use the token: it allows its holder to message the person, and ids are shown and logged.
      const what = token === null ? (idAt(optin, "ref") ?? textAt(optin, "payload")) : sha256Hex(token);
      return [sender ?? idAt(optin, "user_ref"), time, what];
    }
    case "handover":
      return [sender, time, ...handoverParts(body)];
    case "standby":
      // Standby is never nested, so the recursion has one level.
      return of.inner === null || of.inner === "standby" ? byContent(of) : [of.inner, ...keyParts(of, of.inner)];
    case "response_feedback": {
      const feedback = objectAt(body, "response_feedback");
      return byId(of, idAt(feedback, "mid"), sender, textAt(feedback, "feedback"), time);
    }
    case "policy_enforcement": {
      const policy = objectAt(body, "policy_enforcement") ?? objectAt(body, "policy-enforcement");
      return [idAt(objectAt(body, "recipient"), "id"), time, textAt(policy, "action")];
    }
    case "account_linking":
      return [sender, time, textAt(objectAt(body, "account_linking"), "status")];
    case "game_play":
      return [sender, time, idAt(objectAt(body, "game_play"), "game_id")];
    case "order":
      return [sender, time, sha256Hex(JSON.stringify(objectAt(body, "order")))];
    case "feed":
      return feedParts(of);
    case "changed_fields":
      // Only the name and the time: two notifications in the same second have the same meaning as one.
      return [of.field, time];
    case "change":
    case "unknown":
    case "quarantine":
      return byContent(of);
  }
}

/** Meta's id with its additional parts, or the content if the id is missing. */
const byId = (of: Identifiable, id: string | null, ...more: Parts): Parts =>
  id === null ? byContent(of) : [id, ...more];

const byContent = (of: Identifiable): Parts => [
  "",
  of.field,
  of.time === null ? null : String(of.time),
  sha256Hex(of.raw),
];

/** In a comment or in a caption. A Page also gets an event when a mention is changed or removed. */
function mentionParts(of: Identifiable): Parts {
  const { body } = of;
  const change = [textAt(body, "verb"), idAt(body, "created_time")];
  const more = change.some((part) => part !== null) ? change : [];
  const comment = idAt(body, "comment_id");
  if (comment !== null) return [comment, ...more];
  const media = idAt(body, "media_id") ?? idAt(body, "post_id");
  return media === null ? byContent(of) : ["", media, ...more];
}

function feedParts(of: Identifiable): Parts {
  const { body } = of;
  const item = textAt(body, "item");
  const verb = textAt(body, "verb");
  const created = idAt(body, "created_time");
  const comment = idAt(body, "comment_id");
  const target = comment ?? idAt(body, "post_id");
  if (item === "comment" && comment !== null) return [item, comment, verb, created];
  if ((item === "reaction" || item === "like") && target !== null) {
    return [item, idAt(objectAt(body, "from"), "id"), target, textAt(body, "reaction_type"), verb, created];
  }
  // Meta may send one post several times in a second, once for each photo.
  return item === null ? byContent(of) : [item, idAt(body, "post_id"), verb, created, sha256Hex(of.raw)];
}

const HANDOVERS = ["pass_thread_control", "take_thread_control", "request_thread_control"] as const;

function handoverParts(body: JsonObject | null): Parts {
  for (const key of HANDOVERS) {
    const handover = objectAt(body, key);
    if (handover !== null) return [key, idAt(handover, "new_owner_app_id") ?? idAt(handover, "requested_owner_app_id")];
  }
  const roles = objectAt(body, "app_roles");
  return ["app_roles", isObject(roles) ? sha256Hex(JSON.stringify(roles)) : null];
}
