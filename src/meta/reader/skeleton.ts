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

/** The end of a list that is left unread, as one part of the text: elements with the commas between them. */
export interface Tail {
  start: number;
  end: number;
}

export interface Entry {
  start: number;
  end: number;
  id: Span | null;
  time: Span | null;
  items: Item[];
  /** Items beyond the limit. */
  unread: { container: Container; tail: Tail }[];
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
  /** Entries beyond the limit. */
  unread: Tail[];
}

export interface Skeleton {
  notifications: Notification[];
  /** Top-level values that are not objects. */
  strays: Span[];
  /** Notifications beyond the limit. */
  unread: Tail[];
}

/** The text has so many members outside its lists that it cannot be a delivery. */
export class TooMany extends Error {
  override name = "TooMany";
}

/**
 * @param maxPieces notifications, entries and items that are read. The rest of each list is left as one part of the
 *   text, so that memory and time are bounded for any text.
 * @throws NotJson or SyntaxError when the containers cannot be walked to the end of the text
 * @throws TooMany when members with unknown names, or lists that are left unread, exceed `MAX_OTHERS`
 */
export function readSkeleton(text: string, maxPieces: number): Skeleton {
  const cursor = new JsonCursor(text);
  const budget = new Budget(maxPieces);
  const skeleton: Skeleton = { notifications: [], strays: [], unread: [] };
  const one = (): void => {
    if (cursor.type() === "object") skeleton.notifications.push(readNotification(cursor, budget));
    else skeleton.strays.push(cursor.skip());
  };
  if (cursor.type() === "array") budget.array(cursor, one, (tail) => skeleton.unread.push(tail));
  else one();
  cursor.end();
  return skeleton;
}

/** Members with unknown names, and unread ends of lists. They are few bytes each; the limit keeps memory below 50 MB. */
const MAX_OTHERS = 250_000;

/** Counts what was read, and stops reading elements of lists at the limit. */
class Budget {
  #pieces: number;
  #others = MAX_OTHERS;

  constructor(maxPieces: number) {
    this.#pieces = maxPieces;
  }

  /** Walks an array. Elements beyond the limit are skipped and passed to `onTail` as one part. */
  array(cursor: JsonCursor, onElement: () => void, onTail: (tail: Tail) => void): void {
    let tail: Tail | null = null;
    cursor.array(() => {
      if (this.#pieces > 0) {
        this.#pieces--;
        onElement();
        return;
      }
      const { start, end } = cursor.skip();
      if (tail === null) {
        this.other();
        onTail((tail = { start, end }));
      } else tail.end = end;
    });
  }

  other(): void {
    if (--this.#others < 0) throw new TooMany("too many members");
  }
}

function readNotification(cursor: JsonCursor, budget: Budget): Notification {
  const notification: Notification = {
    start: cursor.start(),
    end: 0,
    object: null,
    entries: null,
    rest: [],
    strays: [],
    unread: [],
  };
  cursor.object((name) => {
    if (name === "object") {
      notification.object = cursor.skip();
    } else if (name === "entry" && cursor.type() !== "scalar") {
      const entries = (notification.entries ??= []);
      const one = (): void => {
        if (cursor.type() === "object") entries.push(readEntry(cursor, budget));
        else notification.strays.push(cursor.skip());
      };
      if (cursor.type() === "array") budget.array(cursor, one, (tail) => notification.unread.push(tail));
      else one();
    } else {
      budget.other();
      notification.rest.push({ name, span: cursor.skip() });
    }
  });
  notification.end = cursor.start();
  return notification;
}

const CONTAINER_NAMES: ReadonlySet<string> = new Set(CONTAINERS);
const isContainer = (name: string): name is Container => CONTAINER_NAMES.has(name);

function readEntry(cursor: JsonCursor, budget: Budget): Entry {
  const entry: Entry = { start: cursor.start(), end: 0, id: null, time: null, items: [], unread: [], rest: [] };
  cursor.object((name) => {
    if (name === "id") entry.id = cursor.skip();
    else if (name === "time") entry.time = cursor.skip();
    // `uid` repeats the id of user and permissions entries.
    else if (name === "uid") cursor.skip();
    else if (isContainer(name) && cursor.type() === "array") {
      budget.array(
        cursor,
        () => entry.items.push({ container: name, span: cursor.skip() }),
        (tail) => entry.unread.push({ container: name, tail }),
      );
    } else {
      budget.other();
      entry.rest.push({ name, span: cursor.skip() });
    }
  });
  entry.end = cursor.start();
  return entry;
}
