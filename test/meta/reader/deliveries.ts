/** Bodies and their reading, for the tests of this folder and of identity and subjects. */
import type { MetaEvent } from "../../../src/core/event.ts";
import { type Delivery, type DeliveryContext, readDelivery } from "../../../src/meta/reader/delivery.ts";

export const CONTEXT: DeliveryContext = {
  receivedAt: 1_795_165_210_000,
  deliveryId: "d".repeat(64),
  proof: { secret: "instagram", form: "raw" },
};

export const read = (body: string | Uint8Array, context: Partial<DeliveryContext> = {}): Delivery =>
  readDelivery(body, { ...CONTEXT, ...context });

/** The events of a body; given anything but text or bytes, of its JSON. */
export const events = (body: unknown): MetaEvent[] =>
  read(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body)).events;

/** The one event of a body. */
export function event(body: unknown): MetaEvent {
  const [only, ...more] = events(body);
  if (only === undefined || more.length > 0) throw new Error("expected one event");
  return only;
}

export const IG = "17841460928374651";
export const PERSON = "1045872930164827";

/** An Instagram entry in `changes`. */
export const change = (field: string, value: unknown, entry: object = {}): unknown => ({
  object: "instagram",
  entry: [{ id: IG, time: 1795165202, changes: [{ field, value }], ...entry }],
});

/** An Instagram entry in `messaging`. */
export const messaging = (item: object, entry: object = {}): unknown => ({
  object: "instagram",
  entry: [
    {
      id: IG,
      time: 1795165200771,
      messaging: [{ sender: { id: PERSON }, recipient: { id: IG }, timestamp: 1795165200318, ...item }],
      ...entry,
    },
  ],
});

export const comment = (more: object = {}): object => ({
  id: "17984512367720415",
  from: { id: PERSON, username: "nadia.bakes" },
  media: { id: "18054321970886143", media_product_type: "REELS" },
  text: "GUIDE",
  ...more,
});
