/**
 * The containers of a delivery (notifications, entries and items), as positions in its text.
 *
 * Supported forms: one notification or an array of them; `entry` as an array or a single object; items in
 * `changes`, `messaging`, `standby` and `changed_fields`; and `field`/`value` directly on the entry, as Meta's
 * examples print comments (documentation: Graph API, Webhooks, "Getting started"; Instagram Platform, "Webhook
 * Notification Examples").
 */
import { JsonCursor, type Span } from "./cursor.ts";

export const CONTAINERS = ["changes", "messaging", "standby", "changed_fields"] as const;
export type Container = (typeof CONTAINERS)[number];

export interface Member {
  name: string;
  span: Span;
}

export interface Item {
  container: Container;
  span: Span;
}

export interface Entry {
  start: number;
  end: number;
  id: Span | null;
  time: Span | null;
  items: Item[];
  /** All members except id, time and known containers. Flat entries have their `field` and `value` here. */
  rest: Member[];
}

export interface Notification {
  start: number;
  end: number;
  object: Span | null;
  /** null: the notification has no `entry`, so its shape is unknown. */
  entries: Entry[] | null;
  rest: Member[];
  /** Elements of `entry` that are not objects. */
  strays: Span[];
}

export interface Skeleton {
  notifications: Notification[];
  /** Top-level values that are not objects. */
  strays: Span[];
}

/** @throws NotJson or SyntaxError when the containers cannot be walked to the end of the text */
export function readSkeleton(text: string): Skeleton {
  const cursor = new JsonCursor(text);
  const skeleton: Skeleton = { notifications: [], strays: [] };
  const one = (): void => {
    if (cursor.type() === "object") skeleton.notifications.push(readNotification(cursor));
    else skeleton.strays.push(cursor.skip());
  };
  if (cursor.type() === "array") cursor.array(one);
  else one();
  cursor.end();
  return skeleton;
}

function readNotification(cursor: JsonCursor): Notification {
  const notification: Notification = {
    start: cursor.start(),
    end: 0,
    object: null,
    entries: null,
    rest: [],
    strays: [],
  };
  cursor.object((name) => {
    if (name === "object") {
      notification.object = cursor.skip();
    } else if (name === "entry" && cursor.type() !== "scalar") {
      const entries = (notification.entries ??= []);
      const one = (): void => {
        if (cursor.type() === "object") entries.push(readEntry(cursor));
        else notification.strays.push(cursor.skip());
      };
      if (cursor.type() === "array") cursor.array(one);
      else one();
    } else {
      notification.rest.push({ name, span: cursor.skip() });
    }
  });
  notification.end = cursor.start();
  return notification;
}

const CONTAINER_NAMES: ReadonlySet<string> = new Set(CONTAINERS);
const isContainer = (name: string): name is Container => CONTAINER_NAMES.has(name);

function readEntry(cursor: JsonCursor): Entry {
  const entry: Entry = { start: cursor.start(), end: 0, id: null, time: null, items: [], rest: [] };
  cursor.object((name) => {
    if (name === "id") entry.id = cursor.skip();
    else if (name === "time") entry.time = cursor.skip();
    // `uid` repeats the id of user and permissions entries.
    else if (name === "uid") cursor.skip();
    else if (isContainer(name) && cursor.type() === "array") {
      cursor.array(() => entry.items.push({ container: name, span: cursor.skip() }));
    } else entry.rest.push({ name, span: cursor.skip() });
  });
  entry.end = cursor.start();
  return entry;
}
