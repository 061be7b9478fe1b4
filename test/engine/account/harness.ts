/** An account on a real Durable Object's SQLite, with a clock, an alarm and a Graph API that the test controls. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Automation } from "../../../src/core/automation/automation.ts";
import type { EventKind, MetaEvent } from "../../../src/core/event.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import type { Reply } from "../../../src/core/reply/reply.ts";
import { AccountCore } from "../../../src/engine/account/account.ts";
import type { NewConnection } from "../../../src/engine/account/contract.ts";
import type {
  AccountPorts,
  CommentReading,
  GraphPort,
  SendResponse,
  SendOrder,
} from "../../../src/engine/account/ports.ts";
import { findReply } from "../../../src/engine/account/tables/replies.ts";
import { setValue } from "../../../src/engine/account/tables/settings.ts";
import { createTokenEncryption } from "../../../src/engine/account/connection/token-encryption.ts";
import type { LogEvent } from "../../../src/engine/log.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import { text, type Sql } from "../../../src/engine/storage/sql.ts";

/** Noon, so that no test depends on midnight. */
export const NOON = Date.UTC(2026, 10, 20, 12);
export const ACCOUNT = "17841460928374651";
export const PERSON = "1045872930164827";
export const MEDIA = "18054321970886143";

export const GUIDE: Automation = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "Hi {{username}}, here it is: https://example.com/guide" } },
};

export const HELLO: Automation = {
  id: "hello",
  name: "Say hello",
  enabled: true,
  trigger: { on: "message", keywords: ["hello"], match: "word", mediaIds: [] },
  actions: { message: { text: "Hello yourself" } },
};

export const accepted = (messageId: string | null = "mid.1"): SendResponse => ({
  outcome: { kind: "accepted", messageId, recipientId: PERSON },
  usage: null,
});

export const outcome = (given: SendResponse["outcome"]): SendResponse => ({ outcome: given, usage: null });

const unavailable = { ok: false, error: { reason: "unavailable", code: "timeout" } } as const;

export class TestAccount {
  now = NOON;
  alarmAt: number | null = null;
  readonly sends: (SendOrder & { at: number; rowState: string | undefined })[] = [];
  readonly logged: LogEvent[] = [];
  readonly announced: { generation: number }[] = [];
  /** The response of the Graph API; a test replaces it. */
  answer: (order: SendOrder) => SendResponse | Promise<SendResponse> = () => accepted();
  reading: () => CommentReading | Promise<CommentReading> = () => ({ kind: "unknown" });
  commentMedia: (commentId: string) => Awaited<ReturnType<GraphPort["commentMedia"]>> = () => unavailable;
  recentMedia: () => Awaited<ReturnType<GraphPort["recentMedia"]>> = () => ({ ok: true, value: [] });
  mediaComments: (mediaId: string, after: string | null) => Awaited<ReturnType<GraphPort["mediaComments"]>> = () => ({
    ok: true,
    value: { comments: [], after: null },
  });
  conversations: (after: string | null) => Awaited<ReturnType<GraphPort["conversations"]>> = () => ({
    ok: true,
    value: { conversations: [], after: null },
  });
  /** Meta's responses about the token; a test replaces them. */
  refresh: () => Awaited<ReturnType<GraphPort["refreshToken"]>> = () => unavailable;
  check: () => Awaited<ReturnType<GraphPort["checkToken"]>> = () => unavailable;
  readonly tokenCalls: { do: "refresh" | "check"; token: string; at: number; wantsFacts?: boolean }[] = [];
  deleteComment: GraphPort["deleteComment"] = async () => unavailable;
  subscriptions: GraphPort["subscriptions"] = async () => ({ ok: true, value: [] });
  tokenEncryption = createTokenEncryption([new Uint8Array(32)]);
  readonly forgotten: string[] = [];
  readonly owners: string[] = [];
  notes = 0;
  registerAwakeFails = false;
  /** Runs during each call to the Directory. */
  whileAnnouncing: () => Promise<void> = async () => undefined;
  readonly sql: Sql;
  core: AccountCore;
  readonly #storage: DurableObjectStorage;
  #ids = 0;
  readonly #sleepers: { at: number; wake: () => void }[] = [];

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.sql = durableSql(storage);
    this.core = new AccountCore(this.#ports());
    // Off, so that a test counts only its own alarms and calls. The reconciler's tests switch it on.
    const off = { ...DEFAULT_SETTINGS, reconcile: { ...DEFAULT_SETTINGS.reconcile, enabled: false } };
    setValue(this.sql, "settings", off);
  }

  /** Replaces the object with a new one on the same tables. */
  restart(): void {
    this.core = new AccountCore(this.#ports());
  }

  async connect(automations: Automation[] = [GUIDE], more: Partial<NewConnection> = {}): Promise<void> {
    const connection = { platform: "instagram", login: "instagram", accessToken: "token-not-real" } as const;
    await this.core.link(ACCOUNT, { ...connection, ...more });
    this.core.putAutomations(ACCOUNT, automations, null);
  }

  ingest(...events: MetaEvent[]) {
    return this.core.ingest(ACCOUNT, events);
  }

  /** Advances the time, and runs the alarm whenever it is due. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    for (let rings = 0; this.alarmAt !== null && this.alarmAt <= until; rings++) {
      if (rings > 10_000) throw new Error("the alarm rings without end");
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = null;
      await this.#drive(this.core.alarm());
    }
    this.now = Math.max(this.now, until);
  }

  /** Waits for the work. Time passes only while nothing else can run. */
  async #drive(work: Promise<void>): Promise<void> {
    let done = false;
    void work.finally(() => {
      done = true;
    });
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (done) break;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      if (next === undefined) continue;
      this.now = Math.max(this.now, next.at);
      next.wake();
    }
    this.#sleepers.length = 0;
  }

  replies(): Reply[] {
    return this.sql
      .all("SELECT id FROM replies ORDER BY seq")
      .flatMap((row) => findReply(this.sql, text(row, "id")) ?? []);
  }

  reply(): Reply {
    const [reply, ...more] = this.replies();
    if (reply === undefined || more.length > 0) throw new Error(`there are ${this.replies().length} replies, not one`);
    return reply;
  }

  #ports(): AccountPorts {
    return {
      sql: this.sql,
      now: () => this.now,
      sleep: (delayMs) =>
        new Promise((wake) => {
          this.#sleepers.push({ at: this.now + delayMs, wake });
        }),
      random: () => 0,
      newId: () => `r_${++this.#ids}`,
      setAlarm: (at) => void (this.alarmAt = at),
      deleteAlarm: () => void (this.alarmAt = null),
      wipe: () => this.#storage.deleteAll(),
      sync: async () => undefined,
      graph: {
        send: async (order) => {
          const rowState = findReply(this.sql, order.replyId)?.state;
          this.sends.push({ ...order, at: this.now, rowState });
          return this.answer(order);
        },
        readComment: async () => this.reading(),
        commentMedia: async (_profile, _token, commentId) => this.commentMedia(commentId),
        recentMedia: async () => this.recentMedia(),
        mediaComments: async (_profile, _token, mediaId, _limit, after) => this.mediaComments(mediaId, after),
        conversations: async (_profile, _token, _limit, after) => this.conversations(after),
        deleteComment: (profile, token, commentId) => this.deleteComment(profile, token, commentId),
        subscriptions: (profile, token, request) => this.subscriptions(profile, token, request),
        refreshToken: async (token) => {
          this.tokenCalls.push({ do: "refresh", token, at: this.now });
          return this.refresh();
        },
        checkToken: async (_profile, token, wantsFacts) => {
          this.tokenCalls.push({ do: "check", token, at: this.now, wantsFacts });
          return this.check();
        },
      },
      tokenEncryption: this.tokenEncryption,
      directory: {
        registerAwake: async (_id, generation) => {
          if (this.registerAwakeFails) throw new Error("the Directory is away");
          this.announced.push({ generation });
          await this.whileAnnouncing();
        },
        syncSummary: async () => {
          this.notes += 1;
        },
        forget: async (accountId) => void this.forgotten.push(accountId),
        own: async (_accountId, ownerIds) => void this.owners.push(...ownerIds),
      },
      log: (name) => void this.logged.push(name),
      config: { deferSeconds: 10, appIds: ["1184729305561827"] },
    };
  }
}

/** Runs the test inside its own Durable Object. */
export async function inAccount(test: (account: TestAccount) => Promise<void>): Promise<void> {
  const stub = env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`);
  await runInDurableObject(stub, (_object, state) => test(new TestAccount(state.storage)));
}

interface EventOptions {
  kind?: EventKind;
  id?: string;
  at?: number;
  test?: boolean;
  /** Whom an echo went to. */
  to?: string;
  /** More of the message itself. */
  more?: Record<string, unknown>;
}

function event(key: string, kind: EventKind, field: string, item: unknown, options: EventOptions = {}): MetaEvent {
  const at = options.at ?? NOON;
  return {
    v: 1,
    id: `instagram:${ACCOUNT}:${options.kind ?? kind}:${key}`,
    accountId: ACCOUNT,
    object: "instagram",
    kind: options.kind ?? kind,
    field,
    occurredAt: at,
    receivedAt: at,
    deliveryId: "delivery",
    test: options.test ?? false,
    raw: JSON.stringify(item),
    proof: { secret: "instagram", form: "raw" },
  };
}

export function comment(
  id: string,
  value: { text?: string; from?: string; author?: object; media?: Record<string, string>; parentId?: string } = {},
  options: EventOptions = {},
): MetaEvent {
  const from = value.author ?? { id: value.from ?? PERSON, username: "nadia.bakes" };
  const media = value.media ?? { id: MEDIA, media_product_type: "REELS" };
  const parent = value.parentId === undefined ? {} : { parent_id: value.parentId };
  const item = { field: "comments", value: { id, from, media, text: value.text ?? "GUIDE please", ...parent } };
  return event(id, "comment", "comments", item, options);
}

/** A comment on a Page. */
export function pageComment(
  id: string,
  value: { text: string; author?: object; parentId?: string; verb?: string },
  options: EventOptions = {},
): MetaEvent {
  const { text: message, author, parentId, verb = "add" } = value;
  const change = { item: "comment", verb, comment_id: id, post_id: MEDIA, parent_id: parentId ?? MEDIA, message };
  return event(id, "feed", "feed", { field: "feed", value: { ...change, ...(author && { from: author }) } }, options);
}

const messaging = (sender: string, recipient: string, rest: Record<string, unknown>) => ({
  sender: { id: sender },
  recipient: { id: recipient },
  timestamp: NOON,
  ...rest,
});

export const messageFrom = (person: string, mid: string, words: string, options: EventOptions = {}): MetaEvent => {
  const item = messaging(person, ACCOUNT, { message: { mid, text: words, ...options.more } });
  return event(mid, "message", "messages", item, options);
};
export const message = (mid: string, words: string, options: EventOptions = {}): MetaEvent =>
  messageFrom(PERSON, mid, words, options);

export const unsent = (mid: string, options: EventOptions = {}): MetaEvent =>
  event(
    mid,
    "message_deleted",
    "messages",
    messaging(PERSON, ACCOUNT, { message: { mid, is_deleted: true } }),
    options,
  );

export const echo = (
  mid: string,
  words: string,
  more: Record<string, unknown> = {},
  options: EventOptions = {},
): MetaEvent =>
  event(
    mid,
    "echo",
    "messages",
    messaging(ACCOUNT, options.to ?? PERSON, { message: { mid, text: words, is_echo: true, ...more } }),
    options,
  );
