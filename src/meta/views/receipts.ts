/** Receipts: messages of the account were delivered or read. */
import { idAt, type JsonObject, listAt, numberAt, objectAt, toId } from "../json.ts";
import { otherThan } from "./parts.ts";

type Item = JsonObject | null;

export interface SeenView {
  kind: "seen";
  personId: string | null;
  /** Instagram. */
  mid: string | null;
  /** Page: everything up to this time, in ms. */
  watermarkMs: number | null;
}

export interface DeliveryView {
  kind: "delivery";
  personId: string | null;
  mids: string[];
  watermarkMs: number | null;
}

/** Instagram sends the message that was read; a Page sends the time up to which all messages were read. */
export function readSeen(item: Item, accountId: string): SeenView {
  const read = objectAt(item, "read");
  return {
    kind: "seen",
    personId: otherThan(accountId, item),
    mid: idAt(read, "mid"),
    watermarkMs: numberAt(read, "watermark"),
  };
}

/** Pages only. `mids` may be empty; then use the watermark. */
export function readDeliveryReceipt(item: Item, accountId: string): DeliveryView {
  const delivery = objectAt(item, "delivery");
  return {
    kind: "delivery",
    personId: otherThan(accountId, item),
    mids: listAt(delivery, "mids")
      .map(toId)
      .filter((mid) => mid !== null),
    watermarkMs: numberAt(delivery, "watermark"),
  };
}
