/**
 * Meta's state: plain records in collections. The rules (graph-router.ts) read and write them and do no I/O. `persist`
 * gets every change: the Worker writes it to SQLite, a simulation ignores it.
 */
import type { OwnCommentForm } from "../notifications/own-comment.ts";

export type Platform = "instagram" | "page";

export interface Account {
  /** `entry.id` of its webhooks. */
  id: string;
  platform: Platform;
  login: "instagram" | "facebook";
  username: string;
  name: string;
  /** The linked Page of an Instagram account that is used through Facebook Login. */
  pageId: string | null;
  /** `id` of `GET /me` with Instagram Login; never equal to `entry.id`. */
  appScopedId: string;
  /** The scoped id of the account itself, in self messaging and own comments. */
  selfScopedId: string;
  /** `subscribed_apps`. */
  subscribedFields: string[];
  /** `disabled`: webhooks were switched off after an hour of failed deliveries. */
  webhooks: "never" | "active" | "disabled";
  /** Connected Tools: "Allow access to messages". */
  messageAccess: boolean;
  /** Impressions in the last 24 h; the budget of general calls is 4800 times as much. */
  impressions: number;
  /** How Meta names the author of the account's own comments; undefined: as the simulator's settings say. */
  ownComments?: OwnCommentForm;
}

export interface Token {
  value: string;
  kind: "instagram" | "page" | "user";
  /** The account; for `user` tokens the person. */
  ownerId: string;
  scopes: string[];
  issuedAt: number;
  /** null: Page tokens have no expiry date. */
  expiresAt: number | null;
  /** The subcode of error 190, if the token is invalid. */
  deadSubcode: number | null;
}

export interface Media {
  id: string;
  accountId: string;
  productType: "FEED" | "REELS" | "LIVE" | "AD" | "STORY";
  caption: string;
  permalink: string;
  createdAt: number;
  /** Live media only: the broadcast runs. */
  live: boolean;
}

export interface Comment {
  id: string;
  accountId: string;
  mediaId: string;
  parentId: string | null;
  from: { id: string; username: string };
  text: string;
  createdAt: number;
  hidden: boolean;
  /** The private reply to the comment; "another app" if another app sent it. */
  privateReplyMid: string | null;
  /** A failed attempt used up the private reply (2/1545133): no reply was sent, and none can be. */
  usedUp?: boolean;
  /** How many further private replies were refused. */
  refusedReplies?: number;
  /** The time of the account's last public reply to the comment. */
  publicReplyAt?: number;
}

/** A person and an account. Key: account id and person id. */
export interface Conversation {
  accountId: string;
  personId: string;
  username: string;
  /** The person's last message: the 24 h window counts from here. null: only a private reply was sent. */
  lastInboundAt: number | null;
  /** The app that controls the thread; null: none. */
  ownerAppId: string | null;
  /** The person blocked the account or left. */
  unavailable: boolean;
  /** A private reply was sent to the person. */
  privateReplied?: boolean;
  /** When the person last tapped a button or a quick reply. */
  lastTapAt?: number;
  /** The person clicked an ad and has not written since. */
  clickedAd?: boolean;
  /** The first message after an ad opened a longer window, until then. */
  adWindowUntil?: number;
}

/** A message that a person wrote. The Conversations API shows it, also if its notification was never sent. */
export interface ReceivedMessage {
  mid: string;
  accountId: string;
  personId: string;
  text: string | null;
  at: number;
}

/** A message or reply that was sent. Reports use these records. */
export interface SentMessage {
  mid: string;
  accountId: string;
  personId: string;
  kind: "private_reply" | "message" | "public_reply";
  commentId: string | null;
  text: string | null;
  by: "receiver" | "person_in_inbox" | "other_app";
  metadata: string | null;
  at: number;
}

/** An authorization code on its way from the login page to the token endpoint. */
export interface Code {
  code: string;
  login: "instagram" | "facebook";
  ownerId: string;
  redirectUri: string;
  scopes: string[];
  expiresAt: number;
}

export type Persist = (collection: string, id: string, value: object | null) => void;

/** Records of one kind by id. */
export class Collection<T extends object> {
  readonly name: string;
  readonly #persist: Persist;
  readonly #records = new Map<string, T>();

  constructor(name: string, persist: Persist) {
    this.name = name;
    this.#persist = persist;
  }

  get size(): number {
    return this.#records.size;
  }

  get(id: string): T | undefined {
    return this.#records.get(id);
  }

  put(id: string, value: T): T {
    this.#records.set(id, value);
    this.#persist(this.name, id, value);
    return value;
  }

  delete(id: string): boolean {
    const existed = this.#records.delete(id);
    if (existed) this.#persist(this.name, id, null);
    return existed;
  }

  values(): IterableIterator<T> {
    return this.#records.values();
  }

  /** Restores a persisted record. Does not call `persist`. */
  restore(id: string, value: object): void {
    this.#records.set(id, value as T);
  }

  clear(): void {
    for (const id of this.#records.keys()) this.delete(id);
  }
}

const conversationKey = (accountId: string, personId: string): string => `${accountId} ${personId}`;

export class GraphState {
  readonly accounts: Collection<Account>;
  readonly tokens: Collection<Token>;
  readonly media: Collection<Media>;
  readonly comments: Collection<Comment>;
  readonly conversations: Collection<Conversation>;
  readonly received: Collection<ReceivedMessage>;
  readonly sent: Collection<SentMessage>;
  readonly codes: Collection<Code>;

  constructor(persist: Persist = () => undefined) {
    this.accounts = new Collection("accounts", persist);
    this.tokens = new Collection("tokens", persist);
    this.media = new Collection("media", persist);
    this.comments = new Collection("comments", persist);
    this.conversations = new Collection("conversations", persist);
    this.received = new Collection("received", persist);
    this.sent = new Collection("sent", persist);
    this.codes = new Collection("codes", persist);
  }

  conversation(accountId: string, personId: string): Conversation | undefined {
    return this.conversations.get(conversationKey(accountId, personId));
  }

  /** Changes a conversation, or creates it. */
  touchConversation(accountId: string, personId: string, change: Partial<Conversation>): Conversation {
    const now: Conversation = this.conversation(accountId, personId) ?? {
      accountId,
      personId,
      username: `person.${personId.slice(-6)}`,
      lastInboundAt: null,
      ownerAppId: null,
      unavailable: false,
    };
    return this.conversations.put(conversationKey(accountId, personId), { ...now, ...change });
  }

  /** Restores a persisted record; false if the collection is not one of these. */
  restore(collection: string, id: string, value: object): boolean {
    const found = this.#all().find(({ name }) => name === collection);
    found?.restore(id, value);
    return found !== undefined;
  }

  clear(): void {
    for (const collection of this.#all()) collection.clear();
  }

  #all(): Pick<Collection<object>, "name" | "restore" | "clear">[] {
    const { accounts, tokens, media, comments, conversations, received, sent, codes } = this;
    return [accounts, tokens, media, comments, conversations, received, sent, codes];
  }
}
