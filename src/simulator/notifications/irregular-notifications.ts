/** Unusual deliveries: the dashboard's test formats, other objects, names without values, bare numbers. */
import { change, type BuildContext, type Item } from "./delivery-body.ts";
import type { WireValue } from "./wire-format.ts";

/** `include_values` off: only the names of what changed (documentation: Webhooks, Getting started). */
export function changedFields(
  options: { object: string; accountId: string; fields: readonly string[] },
  { now }: BuildContext,
): Item {
  return {
    object: options.object,
    entryId: options.accountId,
    at: now,
    container: "changed_fields",
    value: options.fields,
  };
}

/** An entry without updates; seen in practice. */
export function emptyEntry(options: { object: string; accountId: string }, { now }: BuildContext): Item {
  return { object: options.object, entryId: options.accountId, at: now, container: "none", value: null };
}

/**
 * What the App Dashboard's "Test" button sends for `messages`: a messaging event as a change, `entry.id` "0", constant
 * ids, and the timestamp as text in seconds. Seen in practice; Meta does not document it.
 */
export function testButtonMessage({ now }: BuildContext): Item {
  return change("instagram", "0", now, "messages", {
    sender: { id: "12334" },
    recipient: { id: "23245" },
    timestamp: String(Math.floor(now / 1000)),
    message: { mid: "random_mid", text: "random_text" },
  });
}

/** The id of the "Test" button's comment, which is always the same. */
export const TEST_BUTTON_COMMENT = "17865799348089039";

/** The "Test" button for `comments`, in its old and shortest form: an id and a text. */
export function testButtonComment({ now }: BuildContext): Item {
  return change("instagram", "0", now, "comments", { text: "This is an example.", id: TEST_BUTTON_COMMENT });
}

/** A change of a `user` or `permissions` object; their entries repeat the id as `uid`. */
export function userChange(
  options: { object: "user" | "permissions"; userId: string; field: string; value?: WireValue; verb?: string },
  { now }: BuildContext,
): Item {
  return {
    object: options.object,
    entryId: options.userId,
    at: now,
    container: "changes",
    value: { field: options.field, value: options.value, verb: options.verb },
    uid: options.userId,
  };
}

/** Ids as bare JSON numbers, which lose digits in a plain `JSON.parse`. */
export function withNumericIds(value: WireValue): WireValue {
  if (Array.isArray(value)) return (value as readonly WireValue[]).map(withNumericIds);
  if (typeof value !== "object" || value === null) return value;
  const changed: Record<string, WireValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    changed[key] =
      key === "id" && typeof member === "string" && /^\d+$/.test(member) ? BigInt(member) : withNumericIds(member);
  }
  return changed;
}
