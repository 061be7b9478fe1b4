/**
 * Content that is signed by Meta but unreadable is stored unchanged and shown. A later version can read it again.
 */
import type { MetaEvent } from "../../core/event.ts";
import { isObject, parseJson, textAt } from "../json.ts";
import { type Container, CONTAINERS } from "./skeleton.ts";

/**
 * - `not_utf8`, `not_json`: the text is invalid
 * - `not_an_object`: valid JSON, but a number, string or array where an object is required
 * - `too_deep`: nested deeper than `MAX_DEPTH`
 * - `account_id`: an invalid `entry.id`
 * - `too_many`: the updates beyond `MAX_PIECES` of one delivery
 */
export type QuarantineReason = "not_utf8" | "not_json" | "not_an_object" | "too_deep" | "account_id" | "too_many";

/** The unreadable part: the whole body, a notification, an entry, or an item of one of the containers. */
export type QuarantinePlace = "body" | "notification" | "entry" | Container;

/** The `raw` of a `quarantine` event, as JSON text. */
export interface Quarantined {
  reason: QuarantineReason;
  place: QuarantinePlace;
  encoding: "utf8" | "base64";
  body: string;
}

export const quarantineRaw = (quarantined: Quarantined): string => JSON.stringify(quarantined);

/** Bytes that are not UTF-8, as base64. */
export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // `fromCharCode` takes characters as arguments, and the number of arguments is limited.
  for (let at = 0; at < bytes.length; at += 0x2000) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x2000)));
  }
  return btoa(parts.join(""));
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

/**
 * A delivery body with only the quarantined content, in its original containers. Pass it to `readDelivery` to read the
 * content again. null if `event` is not a quarantine event.
 */
export function quarantinedBody(
  event: Pick<MetaEvent, "kind" | "object" | "accountId" | "occurredAt" | "raw">,
): Uint8Array | null {
  const quarantined = event.kind === "quarantine" ? readQuarantined(event.raw) : null;
  if (quarantined === null) return null;
  const { place, encoding, body } = quarantined;
  if (encoding === "base64") return fromBase64(body);
  const object = JSON.stringify(event.object);
  const entry = (inner: string): string => `{"object":${object},"entry":[${inner}]}`;
  const text =
    place === "body" || place === "notification"
      ? body
      : place === "entry"
        ? entry(body)
        : entry(`{"id":${JSON.stringify(event.accountId)},"time":${event.occurredAt},"${place}":[${body}]}`);
  return new TextEncoder().encode(text);
}

const PLACES: ReadonlySet<string> = new Set([
  "body",
  "notification",
  "entry",
  ...CONTAINERS,
] satisfies QuarantinePlace[]);

/** Parses the output of `quarantineRaw`; null for any other text. */
export function readQuarantined(raw: string): Quarantined | null {
  let value: unknown;
  try {
    value = parseJson(raw);
  } catch {
    return null;
  }
  const [reason, place, encoding, body] = ["reason", "place", "encoding", "body"].map((key) => textAt(value, key));
  if (!isObject(value) || reason == null || body == null || place == null || !PLACES.has(place)) return null;
  if (encoding !== "utf8" && encoding !== "base64") return null;
  return { reason: reason as QuarantineReason, place: place as QuarantinePlace, encoding, body };
}
