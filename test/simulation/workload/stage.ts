/** Actions of people at Meta, from which workloads are built. Each is planned for a future time. */
import type { Automation } from "../../../src/core/automation/automation.ts";
import type { Settings } from "../../../src/core/settings.ts";
import { SIMULATED_SETTINGS } from "../platform/account.ts";
import {
  type CommentFacts,
  commentItem,
  echoItem,
  type Item,
  type MessageFacts,
  messageItem,
  removedItem,
  unsentItem,
} from "../meta/items.ts";
import { MESSAGE_WINDOW_MS } from "../meta/graph.ts";
import type { MetaAccount, Platform, Prompt, Wanted } from "../meta/history.ts";
import type { Prng } from "../prng.ts";
import type { World } from "../world.ts";

const HOUR_MS = 3_600_000;
const PRIVATE_REPLY_WINDOW_MS = 7 * 24 * HOUR_MS;
/** Instagram limits a broadcast to four hours. */
const BROADCAST_MS = 4 * HOUR_MS;

export interface AccountSpec {
  platform: Platform;
  automations: Automation[];
  settings?: Partial<Settings>;
}

/** The owner's backend, which replies through the API. */
export const BACKEND = "backend";

export interface CommentSpec {
  mediaId: string;
  personId: string;
  text: string;
  live?: boolean;
  own?: boolean;
  /** Time from writing to deletion. */
  deletedAfterMs?: number;
  /** Time from writing to a private reply of the owner's backend through the API. */
  answeredAfterMs?: number;
}

export interface MessageSpec {
  personId: string;
  text: string;
  standby?: boolean;
  unsentAfterMs?: number;
}

/** Responses that Meta has returned to a second private reply. */
const SECOND_REPLY_ERRORS = [
  { status: 500, code: -1, subcode: 2_534_023 },
  { status: 400, code: 100, subcode: 2_534_023 },
  { status: 400, code: 10_900, subcode: null },
  { status: 400, code: 1, subcode: null },
  { status: 500, code: 2, subcode: null },
] as const;

export class Stage {
  readonly world: World;
  readonly prng: Prng;
  readonly #automations = new Map<string, Automation[]>();
  #numbers = 0;
  /** Comments and messages so far. */
  prompts = 0;

  constructor(world: World) {
    this.world = world;
    this.prng = world.sim.prng.fork("stage");
  }

  /** A connected account with its automations. */
  account(spec: AccountSpec): MetaAccount {
    const id = `178414${this.#number(11)}`;
    const { platform, automations, settings } = spec;
    const account: MetaAccount = {
      id,
      platform,
      tokens: new Set(),
      blockedUntil: 0,
      throttle: null,
      outages: [],
      secondReplyError: this.prng.pick(SECOND_REPLY_ERRORS),
      privateArrivals: [],
      handedOver: new Map(),
    };
    this.world.history.accounts.set(id, account);
    this.#automations.set(id, automations);
    this.connect(account, "token-1");
    this.world.ask("automations", id, (of) => of.putAutomations(id, automations, null));
    if (settings !== undefined) {
      this.world.ask("settings", id, (of) => of.changeSettings(id, { ...SIMULATED_SETTINGS, ...settings }));
    }
    return account;
  }

  /** The owner connects the account with a token that Meta accepts from now on. */
  connect(account: MetaAccount, token: string): void {
    const { id, platform } = account;
    account.tokens.add(token);
    const login = platform === "page" ? "facebook" : "instagram";
    this.world.ask("link", id, (of) => of.link(id, { platform, login, accessToken: token, username: "the.account" }));
  }

  /** Meta stops accepting the account's tokens; the owner connects again after a while. */
  killToken(account: MetaAccount, at: number, reconnectAfterMs: number): void {
    this.#later(at, (now) => {
      this.world.sim.tally.fault(reconnectAfterMs < 10_000 ? "token_rotated" : "token_died");
      account.tokens.clear();
      account.outages.push({ from: now, to: now + reconnectAfterMs });
      this.#later(now + reconnectAfterMs, () => this.connect(account, `token-${this.#number(4)}`));
    });
  }

  /** The account's object cannot start for a while. */
  brick(account: MetaAccount, at: number, ms: number): void {
    this.#later(at, (now) => {
      const host = this.world.account(account.id);
      host.replace();
      host.brickedUntil = now + ms;
      account.outages.push({ from: now, to: now + ms });
      this.#later(now + ms, () => undefined);
    });
  }

  person(): string {
    return `7100${this.#number(12)}`;
  }

  media(): string {
    return `1805${this.#number(12)}`;
  }

  comment(account: MetaAccount, at: number, spec: CommentSpec): void {
    this.#later(at, (now) => {
      const { mediaId, personId, text, live = false, own = false } = spec;
      const number = this.#number(12);
      const facts: CommentFacts = {
        id: account.platform === "page" ? `${mediaId}_${number}` : `17900${number}`,
        accountId: account.id,
        platform: account.platform,
        personId: own ? account.id : personId,
        mediaId,
        parentId: null,
        text,
        at: now,
        live,
        own,
        ad: false,
      };
      const { nemesis } = this.world.sim;
      // Not for live comments: with a broadcast of four hours, a clock that is wrong by a day leaves no window.
      const skewed = !live && nemesis.pick("meta.clock", ["clock_skewed"]) !== null;
      const item = commentItem(facts, skewed ? now + this.prng.between(-24, 24) * HOUR_MS : now);
      const prompt = this.#prompt(facts, own, item);
      this.#registerAwake(item);
      const adable = account.platform === "instagram" && !live;
      if (adable && nemesis.pick("meta.ad", ["ad_copy"]) !== null) {
        const copy = commentItem({ ...facts, ad: true }, now);
        prompt.items.push(copy);
        this.#later(now + this.prng.between(0, 5_000), () => this.#registerAwake(copy));
      }
      if (spec.deletedAfterMs !== undefined) this.#delete(prompt, facts, now + spec.deletedAfterMs);
      if (spec.answeredAfterMs !== undefined) this.#answer(prompt, now + spec.answeredAfterMs);
    });
  }

  message(account: MetaAccount, at: number, spec: MessageSpec): void {
    this.#later(at, (now) => {
      const { personId, text, standby = false } = spec;
      const mid = `mid_in_${this.#number(8)}`;
      const facts: MessageFacts = {
        mid,
        accountId: account.id,
        platform: account.platform,
        personId,
        text: `${text} #${mid}`,
        at: now,
      };
      this.world.history.lastInbound.set(`${account.id} ${personId}`, now);
      const item = messageItem(facts, standby);
      const prompt: Prompt = {
        ...this.#empty(account.id, personId, facts.text, now, item),
        id: mid,
        kind: "message",
        wanted: standby ? [] : this.#wanted(account.id, "message", text),
        never: standby ? "standby" : null,
        windowEndsAt: now + MESSAGE_WINDOW_MS,
      };
      this.#tell(prompt);
      this.#registerAwake(item);
      if (!standby && this.world.sim.nemesis.pick("meta.automatic", ["automatic_reply"]) !== null) {
        const reply = { ...facts, mid: `mid_automatic_${this.#number(8)}`, text: "Thanks for writing!" };
        this.#later(now + this.prng.between(1_000, 5_000), (repliedAt) => {
          const echo = echoItem({ ...reply, at: repliedAt }, "meta", null, false);
          this.world.history.automatic.push({ item: echo, to: prompt });
          this.#registerAwake(echo);
        });
      }
      if (spec.unsentAfterMs === undefined) return;
      this.#later(now + spec.unsentAfterMs, (unsentAt) => {
        prompt.goneAt = unsentAt;
        prompt.goneItem = unsentItem(facts);
        this.#registerAwake(prompt.goneItem);
      });
    });
  }

  /** A human at the account or another app sends a message to a person. */
  human(account: MetaAccount, at: number, personId: string, by: "person" | "other_app"): void {
    this.#later(at, (now) => {
      const mid = `mid_human_${this.#number(8)}`;
      const facts = {
        mid,
        accountId: account.id,
        platform: account.platform,
        personId,
        text: `It is me. ${mid}`,
        at: now,
      };
      const item = echoItem(facts, by, null, false);
      const key = `${account.id} ${personId}`;
      const answers = this.world.history.humans.get(key) ?? [];
      answers.push({ accountId: account.id, personId, at: now, item });
      this.world.history.humans.set(key, answers);
      this.#registerAwake(item);
    });
  }

  /** The App Dashboard's Test button: `entry.id` is "0". */
  test(at: number): void {
    this.#later(at, (now) => {
      const facts: CommentFacts = {
        id: `17900${this.#number(12)}`,
        accountId: "0",
        platform: "instagram",
        personId: "232323232",
        mediaId: "123123123",
        parentId: null,
        text: "guide please",
        at: now,
        live: false,
        own: false,
        ad: false,
      };
      this.#registerAwake(commentItem(facts, now));
    });
  }

  /** The owner replays an event that already has its reply. */
  replay(account: MetaAccount, at: number): void {
    this.#later(at, () => {
      const { storage } = this.world.account(account.id);
      const rows = storage.all(
        "SELECT event_id FROM replies WHERE event_id IS NOT NULL AND state IN ('pending', 'sending', 'uncertain', 'sent')",
        [],
      );
      if (rows.length === 0) return;
      const eventId = String(this.prng.pick(rows)["event_id"]);
      this.world.ask("replay", account.id, (of) => of.replay(account.id, eventId));
    });
  }

  /** Sends a request twice with one idempotency key, like a backend that lost the first response. */
  #answer(prompt: Prompt, at: number): void {
    prompt.wanted = [{ automationId: BACKEND, way: "private_reply" }];
    const { id: commentId, accountId } = prompt;
    const reply = { to: { commentId }, message: { text: "From our shop." }, idempotencyKey: commentId };
    for (const askedAt of [at, at + this.prng.between(0, 2_000)]) {
      this.#later(askedAt, (now) => {
        prompt.askedAt ??= now;
        this.world.ask("reply", accountId, async (of) => {
          const result = await of.createReply(accountId, reply);
          if (!result.ok) throw new Error(result.error.reason);
        });
      });
    }
  }

  #delete(prompt: Prompt, facts: CommentFacts, at: number): void {
    this.#later(at, (now) => {
      prompt.goneAt = now;
      // Instagram sends no event for it; only reading the comment shows it.
      if (facts.platform !== "page") return;
      prompt.goneItem = removedItem(facts, now);
      this.#registerAwake(prompt.goneItem);
    });
  }

  #prompt(facts: CommentFacts, own: boolean, item: Item): Prompt {
    const { id, accountId, personId, mediaId, text, at, live } = facts;
    const kind = live ? "live_comment" : "comment";
    const prompt: Prompt = {
      ...this.#empty(accountId, personId, text, at, item),
      id,
      kind,
      mediaId,
      wanted: own ? [] : this.#wanted(accountId, kind, text),
      never: own ? "own" : null,
      windowEndsAt: at + (live ? BROADCAST_MS : PRIVATE_REPLY_WINDOW_MS),
    };
    this.#tell(prompt);
    return prompt;
  }

  #empty(accountId: string, personId: string, text: string, at: number, item: Item) {
    return {
      accountId,
      personId,
      mediaId: "",
      at,
      text,
      items: [item],
      askedAt: null,
      goneAt: null,
      goneItem: null,
      effects: [],
      calls: 0,
      refusals: 0,
      firstCallAt: null,
      poison: null,
    };
  }

  /** The replies that the owner's automations should send. In workloads, keywords are single words of plain letters. */
  #wanted(accountId: string, on: string, text: string): Wanted[] {
    const words = text.split(" ");
    let privateReplyTaken = false;
    return (this.#automations.get(accountId) ?? []).flatMap(({ id, trigger, actions }): Wanted[] => {
      if (trigger.on !== on || !trigger.keywords.some((keyword) => words.includes(keyword))) return [];
      if (actions.message !== undefined) return [{ automationId: id, way: "message" }];
      const wanted: Wanted[] = [];
      if (actions.privateReply !== undefined && !privateReplyTaken) {
        privateReplyTaken = true;
        wanted.push({ automationId: id, way: "private_reply" });
      }
      if (actions.publicReply !== undefined) wanted.push({ automationId: id, way: "public_reply" });
      return wanted;
    });
  }

  #tell(prompt: Prompt): void {
    this.prompts++;
    this.world.history.tell(prompt);
  }

  #registerAwake(item: Item): void {
    this.world.add(item);
    this.world.deliveries.registerAwake(item);
  }

  #later(at: number, act: (now: number) => void): void {
    this.world.plan(at, act);
  }

  #number(digits: number): string {
    return String(++this.#numbers).padStart(digits, "0");
  }
}
