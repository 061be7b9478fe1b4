/** Checks that apply to every queued event, independent of its body. */
import { gunzipSync } from "node:zlib";
import { EVENT_KINDS, type MetaEvent, type QueuedEvent } from "../../src/core/event.ts";
import { quarantinedBody } from "../../src/meta/reader/quarantine.ts";
import { readDelivery } from "../../src/meta/reader/delivery.ts";
import { readSubject } from "../../src/meta/subject.ts";
import { readView } from "../../src/meta/views/view.ts";
import { type JsonNode, parseTree } from "./json-tree.ts";

export const RULES = [
  "exception",
  "status",
  "answer",
  "accepted_unsigned",
  "marked",
  "lost",
  "invented",
  "changed",
  "count",
  "repeat",
  "id_unsafe",
  "id_unstable",
  "event",
  "digits",
  "unreadable",
  "limit",
  "logged",
  "polluted",
] as const;

export interface Violation {
  rule: (typeof RULES)[number];
  detail: string;
}

export const violation = (rule: Violation["rule"], detail: string): Violation => ({
  rule,
  detail: detail.slice(0, 500),
});

/** The event as the engine reads it. */
export function unpack({ rawGzip, rawKey, ...event }: QueuedEvent, kv: { values: Map<string, string> }): MetaEvent {
  if (rawGzip !== undefined) return { ...event, raw: gunzipSync(rawGzip).toString() };
  return rawKey === undefined ? event : { ...event, raw: kv.values.get(rawKey) ?? "" };
}

/** The part of the body that an event contains. */
export function written({ kind, raw }: MetaEvent): string {
  return kind === "quarantine" ? (JSON.parse(raw) as { body: string }).body : raw;
}

/** The stored bytes of a quarantined body. */
export function quarantinedBytes(raw: string): Buffer {
  const { body, encoding } = JSON.parse(raw) as { body: string; encoding: string };
  return Buffer.from(body, encoding === "base64" ? "base64" : "utf8");
}

/** Ids are used in KV keys (after a prefix of up to 5 characters), in URLs and in logs. */
const SAFE_ID = /^[A-Za-z0-9._:~-]{1,400}$/;
const SAFE_ACCOUNT_ID = /^(?:[A-Za-z0-9._-]{1,64})?$/;
const LAST_DATE_MS = 8.64e15;

/** The first violation of an event, or null. */
export function checkEvent(event: MetaEvent): Violation | null {
  const { id, accountId, kind, raw, occurredAt, receivedAt, deliveryId, test } = event;
  if (!SAFE_ID.test(id)) return violation("id_unsafe", id);
  if (!SAFE_ACCOUNT_ID.test(accountId)) return violation("id_unsafe", accountId);
  if (event.v !== 1 || !EVENT_KINDS.includes(kind)) return violation("event", `v ${event.v}, kind ${kind}`);
  if (test !== (accountId === "0"))
    return violation("event", "a test event is not marked, or another event is marked as a test");
  for (const time of [occurredAt, receivedAt]) {
    if (!Number.isInteger(time) || time < 0 || time > LAST_DATE_MS) return violation("event", `time ${time}`);
  }
  if (!/^[0-9a-f]{64}$/.test(deliveryId)) return violation("event", `delivery ${deliveryId}`);
  try {
    JSON.parse(raw);
  } catch {
    return violation("event", "raw is not JSON");
  }
  return checkDigits(event) ?? checkReading(event);
}

/** Code that reads the event later must not throw. */
function checkReading(event: MetaEvent): Violation | null {
  try {
    const view = readView(event);
    const subject = readSubject(event);
    JSON.stringify([view, subject]);
    const again = quarantinedBody(event);
    if (again !== null) {
      const { receivedAt, deliveryId, proof } = event;
      readDelivery(again, { receivedAt, deliveryId, proof });
    }
    return null;
  } catch (error) {
    return violation("unreadable", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** The id of a comment has Meta's digits, quoted or not, in the event id and in the view. */
function checkDigits(event: MetaEvent): Violation | null {
  if (event.kind !== "comment" && event.kind !== "live_comment") return null;
  const value = lastMember(parseTree(event.raw), "value");
  const id = lastMember(value, "id");
  const digits = id?.type === "token" ? /^"?([1-9]\d{0,40})"?$/.exec(id.text)?.[1] : undefined;
  if (digits === undefined) return null;
  if (!event.id.endsWith(`:${digits}`)) return violation("digits", `${event.id} for ${digits}`);
  const view = readView(event);
  const seen = "commentId" in view ? view.commentId : null;
  return seen === digits ? null : violation("digits", `the view has ${seen} for ${digits}`);
}

/** The last of several members with the same name, as in `JSON.parse`. */
function lastMember(node: JsonNode | undefined, name: string): JsonNode | undefined {
  if (node?.type !== "object") return undefined;
  return node.members.findLast(({ key }) => JSON.parse(key) === name)?.value;
}
