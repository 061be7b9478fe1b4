import type { Random } from "./meta-ids.ts";
import type { WireValue } from "./wire-format.ts";

/** The time and randomness for building notifications. */
export interface BuildContext {
  /** ms since the epoch. */
  now: number;
  random: Random;
}

/**
 * One update, before it is put into a delivery. Which container Meta uses depends on the field
 * (documentation: Webhooks reference, Instagram and Page).
 */
export interface Item {
  object: string;
  /** `entry.id`: the professional account, Page or user that the update belongs to. */
  entryId: string;
  /** ms since the epoch. The body has seconds or milliseconds, depending on the container. */
  at: number;
  container: "changes" | "messaging" | "standby" | "changed_fields" | "flat" | "none";
  /** The change, the messaging item, or the names of the changed fields. */
  value: WireValue;
  /** `user` and `permissions` entries repeat the id as `uid`. */
  uid?: string;
}

/** An update that Meta sends as a change of a field. */
export const change = (object: string, entryId: string, at: number, field: string, value?: WireValue): Item => ({
  object,
  entryId,
  at,
  container: "changes",
  value: { field, value },
});

/** The most updates that Meta puts into one POST (documentation: Webhooks, Getting started, "Frequency"). */
export const MAX_UPDATES_PER_DELIVERY = 1000;

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** One delivery's body for items of one object type. Changes of one account share an entry; messaging items do not. */
export function envelope(items: readonly Item[]): WireValue {
  const object = items[0]?.object ?? "instagram";
  const entries: Record<string, WireValue>[] = [];
  let openKey: string | null = null;
  let openList: WireValue[] = [];
  for (const item of items) {
    const key = `${item.container} ${item.entryId} ${seconds(item.at)}`;
    if (openKey === key) {
      openList.push(item.value);
      continue;
    }
    openKey = null;
    const id = { id: item.entryId, ...(item.uid === undefined ? {} : { uid: item.uid }) };
    switch (item.container) {
      case "changes": {
        openList = [item.value];
        entries.push({ ...id, time: seconds(item.at), changes: openList });
        openKey = key;
        break;
      }
      case "messaging":
      case "standby":
        entries.push({ time: item.at, ...id, [item.container]: [item.value] });
        break;
      case "changed_fields":
        entries.push({ ...id, time: seconds(item.at), changed_fields: item.value });
        break;
      case "flat":
        entries.push({ ...id, time: seconds(item.at), ...(item.value as Record<string, WireValue>) });
        break;
      case "none":
        entries.push({ ...id, time: item.at });
        break;
    }
  }
  return { object, entry: entries };
}

/** Splits items into deliveries: one object type each, at most `size` updates. */
export function deliveriesOf(items: readonly Item[], size: number): WireValue[] {
  const limit = Math.max(1, Math.min(size, MAX_UPDATES_PER_DELIVERY));
  const byObject = new Map<string, Item[]>();
  for (const item of items) {
    const list = byObject.get(item.object);
    if (list === undefined) byObject.set(item.object, [item]);
    else list.push(item);
  }
  const bodies: WireValue[] = [];
  for (const list of byObject.values()) {
    for (let start = 0; start < list.length; start += limit) bodies.push(envelope(list.slice(start, start + limit)));
  }
  return bodies;
}
