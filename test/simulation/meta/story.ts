/**
 * Meta's side of the story, and what could be seen from outside of what Replyline did about it. The checker judges by
 * this alone; nothing here knows the code under test.
 */
import type { HttpResponse } from "./answer.ts";
import type { Item } from "./items.ts";

export type Platform = "instagram" | "page";
export type ReplyWay = "private_reply" | "public_reply" | "message";

/** A reply that the owner's automations ask for. */
export interface Wanted {
  automationId: string;
  way: ReplyWay;
}

/** Something that may be answered: a comment, or a message. */
export interface Prompt {
  /** Comment id or mid. */
  id: string;
  kind: "comment" | "live_comment" | "message";
  accountId: string;
  personId: string;
  /** Empty for messages. */
  mediaId: string;
  /** When it was written, by Meta's clock. */
  at: number;
  text: string;
  wanted: readonly Wanted[];
  /** Why it must never be answered, whatever it says; null: it may. */
  never: "own" | "test" | "standby" | null;
  /** What announces it: one notification, or a second one with an ad. */
  items: Item[];
  /** When the owner's own backend asked for its reply: the deferral counts from then. */
  askedAt: number | null;
  /** Deleted, hidden or unsent. */
  goneAt: number | null;
  goneItem: Item | null;
  /** Meta accepts no answer from then on. */
  windowEndsAt: number;
  effects: Effect[];
  /** Calls that arrived at Meta for it, and how many Meta refused for certain. */
  calls: number;
  refusals: number;
  firstCallAt: number | null;
}

/** A reply that exists at Meta: somebody can see it. */
export interface Effect {
  way: ReplyWay;
  /** The row that it is the effect of. */
  replyId: string | null;
  at: number;
  /** When the request arrived. */
  arrivedAt: number;
  text: string;
  mid: string;
  /** What Meta told of it. */
  echoes: Item[];
}

/** A person's or another app's own message to somebody. */
export interface HumanAnswer {
  accountId: string;
  personId: string;
  at: number;
  item: Item;
}

export interface MetaAccount {
  id: string;
  platform: Platform;
  /** The tokens that Meta accepts. */
  tokens: Set<string>;
  blockedUntil: number;
  /** Until then, every send is turned away with this answer. */
  throttle: { until: number; answer: HttpResponse } | null;
  /** Times in which no token worked, until the owner had connected the account again. */
  outages: { from: number; to: number }[];
  /** What Meta answers when a comment has its private reply already. */
  secondReplyError: { status: number; code: number; subcode: number | null };
  /** Arrivals of private replies that count against 750 an hour. */
  privateArrivals: number[];
  /** When the account let go of calls that count by the second, by lane. */
  handedOver: Map<string, number[]>;
}

/** When a receiver first had it in hand; null: none has. */
export function receivedAt(prompt: Prompt): number | null {
  const times = prompt.items.flatMap((item) => item.receivedAt ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** When the ledger first held it. */
export function ingestedIn(prompt: Prompt): { turn: number; at: number } | null {
  let first: { turn: number; at: number } | null = null;
  for (const { ingested } of prompt.items) {
    if (ingested !== null && (first === null || ingested.turn < first.turn)) first = ingested;
  }
  return first;
}

export class Story {
  readonly accounts = new Map<string, MetaAccount>();
  readonly prompts = new Map<string, Prompt>();
  readonly items: Item[] = [];
  /** By account and person. */
  readonly humans = new Map<string, HumanAnswer[]>();
  readonly #byPerson = new Map<string, Prompt[]>();
  /** Messages of a person, for the 24 hours. */
  readonly lastInbound = new Map<string, number>();

  humansTo(accountId: string, personId: string): readonly HumanAnswer[] {
    return this.humans.get(`${accountId} ${personId}`) ?? [];
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
