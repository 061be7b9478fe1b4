/**
 * Converts a delivery to events, one per item, so that nothing signed by Meta is dropped. Unknown shapes become
 * `unknown` or `change` events. Unreadable content becomes a separate `quarantine` event; other items are not affected.
 */
import type { EventKind, MetaEvent, Proof } from "../../core/event.ts";
import { eventId, quarantineId } from "../identity.ts";
import { hasLongNumber, isObject, numberAt, parseLongNumbers, timeAt, toId, toMs } from "../json.ts";
import { sha256Hex } from "../sha256.ts";
import { classify } from "./classify.ts";
import type { Span } from "./cursor.ts";
import { type QuarantinePlace, type QuarantineReason, quarantineRaw, toBase64 } from "./quarantine.ts";
import {
  type Container,
  type Entry,
  type Member,
  type Notification,
  readSkeleton,
  type Skeleton,
  type Tail,
  TooMany,
} from "./skeleton.ts";

export interface DeliveryContext {
  /** When the receiver had read the body, in ms since the epoch. */
  receivedAt: number;
  /** Id of the delivery, also used for an unreadable body: the SHA-256 of the body, as hex. */
  deliveryId: string;
  proof: Proof;
}

export interface Delivery {
  events: MetaEvent[];
  /** Entries without any item. Meta sends them sometimes. */
  entriesWithoutEvents: number;
}

/**
 * Items nested deeper are quarantined. Meta's deepest shape has about ten levels. The limit protects code that parses
 * `raw` later from a stack overflow.
 */
export const MAX_DEPTH = 64;

/**
 * Notifications, entries and items that are read of one delivery. Meta sends at most 1,000 updates. The others are kept
 * together as one quarantine event in the form of a delivery, and reading it again reads the next ones. Without a limit,
 * a body of 4 MiB of empty updates is 1.4 million events.
 */
export const MAX_PIECES = 2_500;

/** The App Dashboard's Test button sends this as `entry.id`. */
const TEST_ACCOUNT_ID = "0";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/**
 * Reads a delivery whose signature has been verified.
 *
 * @param body the bytes as received, or their text
 * @returns every event in the order of the body; never throws
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications
 */
export function readDelivery(body: Uint8Array | string, context: DeliveryContext): Delivery {
  const reading = new Reading(context);
  let text: string;
  try {
    text = typeof body === "string" ? body : decoder.decode(body);
  } catch {
    return reading.unreadable("not_utf8", typeof body === "string" ? body : toBase64(body), "base64");
  }
  let skeleton: Skeleton;
  try {
    skeleton = readSkeleton(text, MAX_PIECES);
  } catch (error) {
    return reading.unreadable(error instanceof TooMany ? "too_many" : "not_json", text, "utf8");
  }
  return reading.skeleton(text, skeleton);
}

/** The context of an item: the parts of its container that its event needs. */
interface Surroundings {
  object: string;
  accountId: string;
  /** `entry.time` in ms. */
  time: number | null;
}

const NOWHERE: Surroundings = { object: "", accountId: "", time: null };

/** State of reading one delivery: the text, how to parse its slices, and the events so far. */
class Reading {
  readonly #context: DeliveryContext;
  readonly #events: MetaEvent[] = [];
  #entriesWithoutEvents = 0;
  #text = "";
  #parse: (text: string) => unknown = JSON.parse;

  constructor(context: DeliveryContext) {
    this.#context = context;
  }

  unreadable(reason: QuarantineReason, body: string, encoding: "utf8" | "base64"): Delivery {
    const raw = quarantineRaw({ reason, place: "body", encoding, body });
    this.#push("quarantine", "", NOWHERE, null, quarantineId("", "", this.#context.deliveryId), raw);
    return this.#delivery();
  }

  skeleton(text: string, skeleton: Skeleton): Delivery {
    this.#text = text;
    // Checked once for the whole text, then used for all its slices.
    if (hasLongNumber(text)) this.#parse = parseLongNumbers;
    for (const notification of skeleton.notifications) this.#notification(notification);
    for (const stray of skeleton.strays) this.#stray("notification", stray, NOWHERE);
    const unread = this.#unread(skeleton);
    if (unread !== null) this.#quarantine("too_many", "body", unread, NOWHERE);
    return this.#delivery();
  }

  #delivery(): Delivery {
    return { events: this.#events, entriesWithoutEvents: this.#entriesWithoutEvents };
  }

  #notification(notification: Notification): void {
    const object = toId(this.#scalar(notification.object)) ?? "";
    const around: Surroundings = { object, accountId: "", time: null };
    if (notification.entries === null) {
      const raw = this.#text.slice(notification.start, notification.end);
      this.#rest("notification", raw, notification.rest, around);
      return;
    }
    for (const entry of notification.entries) this.#entry(object, entry);
    for (const stray of notification.strays) this.#stray("entry", stray, around);
    const unknown = notification.rest.filter((member) => member.span.depth > 0);
    if (unknown.length > 0) this.#rest("notification", this.#compose(unknown), unknown, around);
  }

  #entry(object: string, entry: Entry): void {
    const time = toMs(numberAt({ time: this.#scalar(entry.time) }, "time"));
    const accountId = toId(this.#scalar(entry.id)) ?? "";
    if (entry.id !== null && !ACCOUNT_ID.test(accountId)) {
      const raw = this.#text.slice(entry.start, entry.end);
      this.#quarantine("account_id", "entry", raw, { object, accountId: "", time });
      return;
    }
    const around: Surroundings = { object, accountId, time };
    for (const { container, span } of entry.items) this.#item(container, this.#slice(span), span.depth, around);
    const isFlat = entry.rest.some(({ name }) => name === "field" || name === "value");
    if (isFlat) {
      this.#item("changes", this.#compose(entry.rest), depthOf(entry.rest), around);
    } else if (
      entry.rest.some(({ span }) => span.depth > 0) ||
      (entry.items.length + entry.unread.length === 0 && entry.rest.length > 0)
    ) {
      this.#rest("entry", this.#compose(entry.rest), entry.rest, around);
    } else if (entry.items.length + entry.unread.length === 0) {
      this.#entriesWithoutEvents++;
    }
  }

  #item(container: Container, raw: string, depth: number, around: Surroundings): void {
    if (depth > MAX_DEPTH) return this.#quarantine("too_deep", container, raw, around);
    let item: unknown;
    try {
      item = this.#parse(raw);
    } catch {
      return this.#quarantine("not_json", container, raw, around);
    }
    if (container === "changed_fields" && typeof item === "string") {
      const announced = { ...around, kind: "changed_fields", inner: null, field: item, body: null, raw } as const;
      return this.#push("changed_fields", item, around, null, eventId(announced), raw);
    }
    if (container === "changed_fields" || !isObject(item)) {
      return this.#quarantine("not_an_object", container, raw, around);
    }
    const { kind, field, inner, body } = classify(around.object, container, item);
    const itemTime = kind === "feed" ? timeAt(body, "created_time") : timeAt(body, "timestamp");
    const time = itemTime ?? around.time;
    const id = eventId({ object: around.object, accountId: around.accountId, kind, inner, field, body, time, raw });
    this.#push(kind, field, around, time, id, raw);
  }

  /** Unknown members, stored together as one `unknown` event. */
  #rest(place: "notification" | "entry", raw: string, members: readonly Member[], around: Surroundings): void {
    if (depthOf(members) > MAX_DEPTH) return this.#quarantine("too_deep", place, raw, around);
    try {
      this.#parse(raw);
    } catch {
      return this.#quarantine("not_json", place, raw, around);
    }
    const field = members[0]?.name ?? "";
    const id = eventId({ ...around, kind: "unknown", inner: null, field, body: null, raw });
    this.#push("unknown", field, around, around.time, id, raw);
  }

  /** A value of another type where an object is required. */
  #stray(place: "notification" | "entry", span: Span, around: Surroundings): void {
    const body = this.#slice(span);
    if (span.depth > MAX_DEPTH) return this.#quarantine("too_deep", place, body, around);
    try {
      this.#parse(body);
    } catch {
      return this.#quarantine("not_json", place, body, around);
    }
    this.#quarantine("not_an_object", place, body, around);
  }

  /** The text of a delivery with everything beyond the limit, in its containers; null if everything was read. */
  #unread({ notifications, unread }: Skeleton): string | null {
    const slice = ({ start, end }: Tail): string => this.#text.slice(start, end);
    const member = (name: string, span: Span | null): string[] => (span === null ? [] : [`"${name}":${slice(span)}`]);
    const ofEntry = (entry: Entry): string => {
      const items = entry.unread.map(({ container, tail }) => `"${container}":[${slice(tail)}]`);
      return `{${[...member("id", entry.id), ...member("time", entry.time), ...items].join(",")}}`;
    };
    const ofNotification = (notification: Notification): string[] => {
      const incomplete = (notification.entries ?? []).filter((entry) => entry.unread.length > 0);
      const entries = [...incomplete.map(ofEntry), ...notification.unread.map(slice)];
      if (entries.length === 0) return [];
      return [`{${[...member("object", notification.object), `"entry":[${entries.join(",")}]`].join(",")}}`];
    };
    const parts = [...notifications.flatMap(ofNotification), ...unread.map(slice)];
    return parts.length === 0 ? null : `[${parts.join(",")}]`;
  }

  #quarantine(reason: QuarantineReason, place: QuarantinePlace, body: string, around: Surroundings): void {
    const raw = quarantineRaw({ reason, place, encoding: "utf8", body });
    const id = quarantineId(around.object, around.accountId, sha256Hex(body));
    this.#push("quarantine", "", around, around.time, id, raw);
  }

  #push(kind: EventKind, field: string, around: Surroundings, time: number | null, id: string, raw: string): void {
    const { receivedAt, deliveryId, proof } = this.#context;
    const { accountId } = around;
    this.#events.push({
      v: 1,
      id,
      accountId,
      object: around.object.slice(0, MAX_NAME_LENGTH),
      kind,
      field: field.slice(0, MAX_NAME_LENGTH),
      occurredAt: time ?? around.time ?? receivedAt,
      receivedAt,
      deliveryId,
      test: accountId === TEST_ACCOUNT_ID,
      raw,
      proof,
    });
  }

  #slice(span: Span): string {
    return this.#text.slice(span.start, span.end);
  }

  /** An object with some members of a container, each as Meta sent it. */
  #compose(members: readonly Member[]): string {
    return `{${members.map(({ name, span }) => `${JSON.stringify(name)}:${this.#slice(span)}`).join(",")}}`;
  }

  /** The value of an id, name or time; undefined if it is missing or has another type. */
  #scalar(span: Span | null): unknown {
    if (span === null || span.depth > 0) return undefined;
    try {
      return this.#parse(this.#slice(span));
    } catch {
      return undefined;
    }
  }
}

const depthOf = (members: readonly Member[]): number =>
  1 + members.reduce((deepest, { span }) => Math.max(deepest, span.depth), 0);

/** Meta's names have about thirty characters. The limit keeps all fields except `raw` small for any input. */
const MAX_NAME_LENGTH = 100;

/** Ids are used in object names, KV keys and URLs. Meta's ids are digits. The limit keeps other values short. */
const ACCOUNT_ID = /^[A-Za-z0-9._-]{1,64}$/;
