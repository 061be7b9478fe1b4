/** Items of `messaging` and `standby`: besides sender, recipient and timestamp, one of these keys gives the kind. */
import type { EventKind } from "../../core/event.ts";
import { fieldOfKind } from "../fields.ts";
import { flagAt, isObject, type JsonObject, objectAt, textAt } from "../json.ts";

/** Documentation: Messenger Platform, Webhook Events Reference; Instagram Platform, Webhook Notification Examples. */
const KINDS: readonly (readonly [key: string, kind: EventKind])[] = [
  ["message", "message"],
  ["message_edit", "message_edit"],
  ["postback", "postback"],
  ["reaction", "reaction"],
  ["read", "seen"],
  ["delivery", "delivery"],
  ["referral", "referral"],
  ["optin", "optin"],
  ["pass_thread_control", "handover"],
  ["take_thread_control", "handover"],
  ["request_thread_control", "handover"],
  ["app_roles", "handover"],
  ["response_feedback", "response_feedback"],
  ["policy_enforcement", "policy_enforcement"],
  // Seen in older deliveries.
  ["policy-enforcement", "policy_enforcement"],
  ["account_linking", "account_linking"],
  ["game_play", "game_play"],
  ["order", "order"],
];

/** The kind of a messaging item; null if it has none of the known keys. */
export function messagingKind(item: JsonObject): EventKind | null {
  const kind = KINDS.find(([key]) => isObject(item[key]))?.[1] ?? null;
  if (kind !== "message") return kind;
  const message = item["message"];
  // An unsent message keeps its mid, so only the kind distinguishes it from the message. Also for our own messages.
  if (flagAt(message, "is_deleted")) return "message_deleted";
  return flagAt(message, "is_echo") ? "echo" : "message";
}

/** The webhook field of a messaging item; the item does not contain it. */
export const messagingField = (kind: EventKind, object: string): string => fieldOfKind(object, kind) ?? "messaging";

/**
 * The messaging item inside a raw item. The App Dashboard's Test button wraps the item as `{field, value}`; otherwise
 * the raw item is the messaging item.
 */
export function messagingItem(raw: JsonObject): JsonObject {
  return textAt(raw, "field") === null ? raw : (objectAt(raw, "value") ?? raw);
}
