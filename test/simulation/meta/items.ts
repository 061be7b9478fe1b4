/** Notifications in Meta's format, one item each. The shapes are from test/payloads. */

export type Container = "changes" | "messaging" | "standby";

/** One item of a delivery and its progress. */
export interface Item {
  /** Unique in its world. */
  key: string;
  object: "instagram" | "page";
  accountId: string;
  container: Container;
  /** The item's own JSON. */
  raw: string;
  /** `entry.time` as Meta writes it: seconds for changes, ms for messages. */
  entryTime: number;
  /** The kinds under which a ledger may store it, and its id there. */
  kinds: readonly string[];
  about: string | null;
  /** When a delivery with it first got a 200. */
  acknowledgedAt: number | null;
  /** When a receiver first read it. */
  receivedAt: number | null;
  /** When it was first durable in the account's ledger. */
  ingested: { turn: number; at: number } | null;
  /** Meta has given up after 36 hours. */
  givenUp: boolean;
}

type ItemParts = Pick<Item, "key" | "object" | "accountId" | "container" | "kinds" | "about" | "entryTime"> & {
  body: unknown;
};

function item({ body, ...parts }: ItemParts): Item {
  return {
    ...parts,
    raw: JSON.stringify(body),
    acknowledgedAt: null,
    receivedAt: null,
    ingested: null,
    givenUp: false,
  };
}

/** Forms of an own comment's author that developers reported (test/payloads/reports). */
export const OWN_AUTHOR_FORMS = ["name_only", "other_id", "none"] as const;
export type OwnAuthorForm = (typeof OWN_AUTHOR_FORMS)[number];

/** The author of an own comment. `name` is its key on the platform. */
function ownAuthor(accountId: string, name: Record<string, string>, form: OwnAuthorForm | undefined) {
  switch (form) {
    case undefined:
      return { id: accountId, ...name };
    case "name_only":
      return name;
    case "other_id":
      return { id: "28978671838402975", ...name };
    case "none":
      return undefined;
  }
}

export interface CommentFacts {
  id: string;
  accountId: string;
  platform: "instagram" | "page";
  personId: string;
  mediaId: string;
  parentId: string | null;
  text: string;
  at: number;
  live: boolean;
  own: boolean;
  /** How Meta names the account in an own comment, if not by its id. */
  author?: OwnAuthorForm;
  /** Sent for an ad made from the media: the same comment in other bytes. */
  ad: boolean;
}

/** A new comment: `comments` or `live_comments` on Instagram, `feed` on a Page. */
export function commentItem(of: CommentFacts, entryTime: number): Item {
  const { id, accountId, platform, personId, mediaId, parentId, text, at, live, own, ad } = of;
  const key = ad ? `${id}+ad` : id;
  const base = { key, object: platform, accountId, container: "changes", about: id } as const;
  if (platform === "page") {
    return item({
      ...base,
      kinds: ["feed"],
      entryTime: Math.floor(entryTime / 1_000),
      body: {
        field: "feed",
        value: {
          from: own
            ? ownAuthor(accountId, { name: "The account" }, of.author)
            : { id: personId, name: `Person ${personId.slice(-3)}` },
          post: { id: mediaId },
          message: text,
          post_id: mediaId,
          comment_id: id,
          created_time: Math.floor(at / 1_000),
          item: "comment",
          parent_id: parentId ?? mediaId,
          verb: "add",
        },
      },
    });
  }
  const scopedId = of.author === undefined ? { self_ig_scoped_id: "9900000000000001" } : {};
  const from = own
    ? ownAuthor(accountId, { username: "the.account", ...scopedId }, of.author)
    : { id: personId, username: `person.${personId.slice(-3)}` };
  const media = ad
    ? { id: `${mediaId}9`, ad_id: "1202145678", original_media_id: mediaId, media_product_type: "AD" }
    : { id: mediaId, media_product_type: live ? "LIVE" : "FEED" };
  return item({
    ...base,
    kinds: [live ? "live_comment" : "comment"],
    entryTime: Math.floor(entryTime / 1_000),
    body: {
      field: live ? "live_comments" : "comments",
      value: { from, media, id, text, ...(parentId === null ? {} : { parent_id: parentId }) },
    },
  });
}

/** A Page sends an event when a comment is deleted; Instagram does not. */
export function removedItem(of: CommentFacts, now: number): Item {
  return item({
    key: `${of.id}+removed`,
    object: of.platform,
    accountId: of.accountId,
    container: "changes",
    kinds: ["feed"],
    about: of.id,
    entryTime: Math.floor(now / 1_000),
    body: {
      field: "feed",
      value: {
        from: { id: of.personId, name: "Person" },
        item: "comment",
        verb: "remove",
        comment_id: of.id,
        post_id: of.mediaId,
        parent_id: of.mediaId,
        created_time: Math.floor(now / 1_000),
      },
    },
  });
}

export interface MessageFacts {
  mid: string;
  accountId: string;
  platform: "instagram" | "page";
  personId: string;
  text: string;
  at: number;
}

/** A person's message; `standby`: in a thread that another app owns. */
export function messageItem(of: MessageFacts, standby: boolean): Item {
  return messaging(of, of.mid, standby ? ["standby"] : ["message"], standby, of.personId, of.accountId, {
    mid: of.mid,
    text: of.text,
  });
}

export function unsentItem(of: MessageFacts): Item {
  return messaging(of, `${of.mid}+unsent`, ["message_deleted"], false, of.personId, of.accountId, {
    mid: of.mid,
    is_deleted: true,
  });
}

/**
 * A message that the account sent.
 *
 * @param by `us`, a person in Meta's inbox, another app, or Meta's instant reply, which names no app
 * @param copy the second of two, for an account subscribed to both `messages` and `message_echoes`
 */
export function echoItem(
  of: MessageFacts,
  by: "us" | "person" | "other_app" | "meta",
  metadata: string | null,
  copy: boolean,
): Item {
  const appIds = { us: OUR_APP_ID, person: 26_390_203_743_090, other_app: 555_000_111_222_333 };
  return messaging(of, copy ? `${of.mid}+copy` : of.mid, ["echo"], false, of.accountId, of.personId, {
    mid: of.mid,
    is_echo: true,
    text: of.text,
    // Instagram's echoes have no app id.
    ...(of.platform === "page" && by !== "meta" ? { app_id: appIds[by] } : {}),
    ...(metadata === null ? {} : { metadata }),
  });
}

export const OUR_APP_ID = 1_184_729_305_561_827;

function messaging(
  of: MessageFacts,
  key: string,
  kinds: readonly string[],
  standby: boolean,
  senderId: string,
  recipientId: string,
  message: object,
): Item {
  return item({
    key,
    object: of.platform,
    accountId: of.accountId,
    container: standby ? "standby" : "messaging",
    kinds,
    about: of.mid,
    entryTime: of.at,
    body: { sender: { id: senderId }, recipient: { id: recipientId }, timestamp: of.at, message },
  });
}

/** The body of a delivery: items by account, one object each. */
export function deliveryBody(items: readonly Item[]): string {
  const entries: string[] = [];
  const groups = Map.groupBy(items, ({ accountId, container, entryTime }) => `${accountId} ${container} ${entryTime}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const list = group.map(({ raw }) => raw).join(",");
    entries.push(`{"id":"${first.accountId}","time":${first.entryTime},"${first.container}":[${list}]}`);
  }
  return `{"object":"${items[0]?.object ?? "instagram"}","entry":[${entries.join(",")}]}`;
}
