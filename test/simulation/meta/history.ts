/**
 * What happened at Meta, and what was visible of Replyline's actions from outside. The checker uses only this record,
 * which does not depend on the code under test.
 */
import type { HttpResponse } from "./answer.ts";
import type { Item } from "./items.ts";

export type Platform = "instagram" | "page";
export type ReplyWay = "private_reply" | "public_reply" | "message";

/** A reply that the owner's automations request. */
export interface Wanted {
  automationId: string;
  way: ReplyWay;
}

/** A comment or message that may get a reply. */
export interface Prompt {
  /** Comment id or mid. */
  id: string;
  kind: "comment" | "live_comment" | "message";
  accountId: string;
  personId: string;
  /** Empty for messages. */
  mediaId: string;
  /** When it was written, according to Meta's clock. */
  at: number;
  text: string;
  wanted: readonly Wanted[];
  /** Why it must never get a reply, with any text; null: it may. */
  never: "own" | "test" | "standby" | null;
  /** Its notifications: one, or a second one with an ad. */
  items: Item[];
  /** When the owner's backend requested the reply; the reply delay starts then. */
  askedAt: number | null;
  /** Deleted, hidden or unsent. */
  goneAt: number | null;
  goneItem: Item | null;
  /** Meta accepts no reply from then on. */
  windowEndsAt: number;
  effects: Effect[];
  /** Calls for it that arrived at Meta, and how many Meta certainly refused. */
  calls: number;
  refusals: number;
  firstCallAt: number | null;
  /**
   * Meta refuses every reply to it with 368, as if the account were blocked. `rounds`: how often it was asked for again
   * after others of the account had been sent.
   */
  poison: { rounds: number; othersPassed: boolean } | null;
}

/** A reply that is visible at Meta. */
export interface Effect {
  way: ReplyWay;
  /** The id of its row in the ledger. */
  replyId: string | null;
  at: number;
  /** When the request arrived. */
  arrivedAt: number;
  text: string;
  mid: string;
  /** What Meta told of it. */
  echoes: Item[];
}

/** A message that a human or another app sent from the account. */
export interface HumanAnswer {
  accountId: string;
  personId: string;
  at: number;
  item: Item;
}

/** Meta's instant reply to a message. */
export interface AutomaticReply {
  item: Item;
  /** The message that it answers. */
  to: Prompt;
}

export interface MetaAccount {
  id: string;
  platform: Platform;
  /** The tokens that Meta accepts. */
  tokens: Set<string>;
  blockedUntil: number;
  /** Until then, every send is rejected with this response. */
  throttle: { until: number; answer: HttpResponse } | null;
  /** Periods without a valid token, until the owner connected the account again. */
  outages: { from: number; to: number }[];
  /** Meta's response when a comment already has its private reply. */
  secondReplyError: { status: number; code: number; subcode: number | null };
  /** Arrivals of private replies that count toward 750 per hour. */
  privateArrivals: number[];
  /** Send times of calls with a per-second limit, by rate limit. */
  handedOver: Map<string, number[]>;
}

/** When a receiver first read it; null: never. */
export function receivedAt(prompt: Prompt): number | null {
  const times = prompt.items.flatMap((item) => item.receivedAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** When it was first in the ledger. */
export function ingestedIn(prompt: Prompt): { turn: number; at: number } | null {
  let first: { turn: number; at: number } | null = null;
  for (const { ingested } of prompt.items) {
    if (ingested !== null && (first === null || ingested.turn < first.turn)) first = ingested;
  }
  return first;
}

export class History {
  readonly accounts = new Map<string, MetaAccount>();
  readonly prompts = new Map<string, Prompt>();
  readonly items: Item[] = [];
  /** By account and person. */
  readonly humans = new Map<string, HumanAnswer[]>();
  readonly automatic: AutomaticReply[] = [];
  /** By account, what Meta refuses each time. */
  readonly poisoned = new Map<string, NonNullable<Prompt["poison"]>[]>();
  readonly #byPerson = new Map<string, Prompt[]>();
  /** Messages of a person, for the 24 hours. */
  readonly lastInbound = new Map<string, number>();

  humansTo(accountId: string, personId: string): readonly HumanAnswer[] {
    return this.humans.get(`${accountId} ${personId}`) ?? [];
  }

  /**
   * Whether an instant reply to the person was ingested out of order: before its message, or after a later one. Only the
   * time of the last message is known then, and the reply looks like a person's.
   */
  automaticOutOfOrder(accountId: string, personId: string): boolean {
    return this.automatic.some(({ item, to }) => {
      if (to.accountId !== accountId || to.personId !== personId || item.ingested === null) return false;
      const { turn } = item.ingested;
      const before = (prompt: Prompt): boolean => (ingestedIn(prompt)?.turn ?? Number.POSITIVE_INFINITY) < turn;
      return !before(to) || this.promptsOf(accountId, personId).some((other) => other.at > to.at && before(other));
    });
  }

  tell(prompt: Prompt): void {
    this.prompts.set(prompt.id, prompt);
    const key = `${prompt.accountId} ${prompt.personId}`;
    const alike = this.#byPerson.get(key);
    if (alike === undefined) this.#byPerson.set(key, [prompt]);
    else alike.push(prompt);
  }

  promptsOf(accountId: string, personId: string): readonly Prompt[] {
    return this.#byPerson.get(`${accountId} ${personId}`) ?? [];
  }

  account(id: string): MetaAccount {
    const account = this.accounts.get(id);
    if (account === undefined) throw new Error(`no account ${id}`);
    return account;
  }

  prompt(id: string): Prompt {
    const prompt = this.prompts.get(id);
    if (prompt === undefined) throw new Error(`no prompt ${id}`);
    return prompt;
  }
}
