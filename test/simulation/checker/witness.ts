/** Checks rules during the run: on each send, each arrival at Meta, and each visible reply. */
import { type Effect, type HumanAnswer, ingestedIn, type Prompt, receivedAt, type History } from "../meta/history.ts";
import { BACKEND } from "../workload/stage.ts";
import { note, type Sim } from "../sim.ts";
import type { Rule, Violation } from "./violation.ts";

/** Messages and private replies with the same text to one person are indistinguishable, so they are counted. */
const plainKey = (accountId: string, personId: string, text: string): string => `${accountId} ${personId} ${text}`;

export class Witness {
  readonly violations: Violation[] = [];
  readonly #sim: Sim;
  readonly #history: History;
  readonly #deferMs: number;
  readonly #holdMs: number;
  readonly #plain = new Map<string, number>();
  readonly #flights = new Map<string, Flight[]>();
  readonly #silentUntil = new Map<string, { from: number; until: number }>();

  constructor(sim: Sim, history: History, deferMs: number, holdMs: number) {
    this.#sim = sim;
    this.#history = history;
    this.#deferMs = deferMs;
    this.#holdMs = holdMs;
  }

  report(rule: Rule, accountId: string, subject: string, detail: string): void {
    note(this.#sim, "VIOLATION", accountId, `${rule} ${subject} ${detail}`);
    this.violations.push({ rule, at: this.#sim.scheduler.now, accountId, subject, detail });
  }

  /** The account passes a request to its sender. It must have applied everything that was in its ledger by then. */
  handedOver(accountId: string, prompt: Prompt | null, personId: string, way: Effect["way"]): void {
    const { turn, now } = this.#sim.scheduler;
    const end = prompt?.goneItem?.ingested ?? null;
    if (prompt !== null && end !== null && end.turn < turn) {
      this.report(
        "SENT AFTER CANCEL",
        accountId,
        prompt.id,
        `its deletion was in the ledger ${now - end.at} ms before`,
      );
    }
    const automated = prompt === null || prompt.wanted.some(({ automationId }) => automationId !== BACKEND);
    if (way !== "public_reply" && automated) this.#applyHandover(accountId, prompt, personId);
    if (way !== "public_reply") this.#flightsTo(accountId, personId).push({ from: now, until: now + ECHO_WAIT_MS });
    const rateLimit = rateLimitOf(prompt, way);
    this.#count(accountId, rateLimit);
    const silence = this.#silentUntil.get(`${accountId} ${rateLimit}`);
    if (silence !== undefined && now > silence.from && now < silence.until) {
      const detail = `Meta required a wait of ${silence.until - now} ms more`;
      this.report("IMPATIENT", accountId, prompt?.id ?? personId, detail);
    }
  }

  #count(accountId: string, rateLimit: string): void {
    const { handedOver } = this.#history.account(accountId);
    const times = handedOver.get(rateLimit) ?? [];
    times.push(this.#sim.scheduler.now);
    handedOver.set(rateLimit, times);
  }

  /** After a human reply, automations must be paused. Replies that the owner's backend requests are allowed. */
  #applyHandover(accountId: string, prompt: Prompt | null, personId: string): void {
    const { turn, now } = this.#sim.scheduler;
    for (const human of this.#history.humansTo(accountId, personId)) {
      const heard = human.item.ingested;
      if (heard === null || heard.turn >= turn) continue;
      // Right after the person's message it looks like Meta's instant reply.
      if (this.#looksInstant(human)) continue;
      // While a call to the person is in flight, its answer may explain the echo.
      if (now <= this.#inFlightUntil(accountId, personId, heard.at)) continue;
      const waited = prompt === null ? null : ingestedIn(prompt);
      const wasOpen = waited !== null && waited.turn < heard.turn;
      if (wasOpen || now < heard.at + this.#holdMs) {
        this.report(
          "SENT AFTER CANCEL",
          accountId,
          prompt?.id ?? personId,
          `a human had replied ${now - heard.at} ms before`,
        );
      }
    }
  }

  /** Meta's answer to a call is in the ledger. */
  answered(accountId: string, personId: string): void {
    const flight = this.#flightsTo(accountId, personId).find(({ until }) => until > this.#sim.scheduler.now);
    if (flight !== undefined) flight.until = this.#sim.scheduler.now;
  }

  #flightsTo(accountId: string, personId: string): Flight[] {
    const key = `${accountId} ${personId}`;
    const flights = this.#flights.get(key) ?? [];
    this.#flights.set(key, flights);
    return flights;
  }

  /** When the last call that was in flight at a time was answered, plus what the ledger takes to apply it. */
  #inFlightUntil(accountId: string, personId: string, at: number): number {
    const ends = this.#flightsTo(accountId, personId).flatMap(({ from, until }) =>
      from <= at && at <= until ? until : [],
    );
    return ends.length === 0 ? 0 : Math.min(Math.max(...ends), at + ECHO_WAIT_MS) + STALE_MS;
  }

  #looksInstant({ accountId, personId, at }: HumanAnswer): boolean {
    const prompts = this.#history.promptsOf(accountId, personId);
    return prompts.some((prompt) => prompt.kind === "message" && at >= prompt.at && at - prompt.at <= INSTANT_MS);
  }

  /** A throttling error with a time is in the ledger. Attempts that were in flight by then may still be sent. */
  throttled(accountId: string, prompt: Prompt | null, way: Effect["way"], waitMs: number): void {
    const { now } = this.#sim.scheduler;
    this.#silentUntil.set(`${accountId} ${rateLimitOf(prompt, way)}`, { from: now + STALE_MS, until: now + waitMs });
  }

  /** Counts the alarms of an account: more than ten per second for a minute is a loop. */
  ringing(accountId: string): () => void {
    let minute = 0;
    let rings = 0;
    return () => {
      const current = Math.floor(this.#sim.scheduler.now / 60_000);
      rings = current === minute ? rings + 1 : 1;
      minute = current;
      if (rings === RINGS_A_MINUTE) this.report("INTERNAL", accountId, "", `the alarm runs ${rings} times a minute`);
    };
  }

  arrived(accountId: string, prompt: Prompt | null, personId: string, way: Effect["way"]): void {
    const { now } = this.#sim.scheduler;
    if (prompt === null) return;
    if (prompt.never !== null) this.report("SELF", accountId, prompt.id, prompt.never);
    else if (!prompt.wanted.some((wanted) => wanted.way === way)) this.report("UNWANTED", accountId, prompt.id, way);
    const received = prompt.askedAt ?? receivedAt(prompt);
    if (received === null || now < received + this.#deferMs) {
      this.report("EARLY", accountId, prompt.id, `${received === null ? "?" : received + this.#deferMs - now} ms`);
    }
    if (way === "public_reply") this.#applyOrder(accountId, prompt);
    const windowEndsAt =
      way === "message"
        ? (this.#history.lastInbound.get(`${accountId} ${personId}`) ?? 0) + DAY_MS
        : prompt.windowEndsAt;
    if (way !== "public_reply" && now >= windowEndsAt) {
      this.report("WINDOW", accountId, prompt.id, `${now - windowEndsAt} ms too late`);
    }
  }

  /** A public reply says that a message was sent, so it comes after the message. */
  #applyOrder(accountId: string, prompt: Prompt): void {
    const byBackend = prompt.wanted.some(({ automationId }) => automationId === BACKEND);
    if (byBackend || !prompt.wanted.some(({ way }) => way === "private_reply")) return;
    const sent = prompt.effects.find(({ way }) => way === "private_reply");
    const after = sent === undefined ? null : this.#sim.scheduler.now - sent.at;
    if (after === null || after < MIN_GAP_MS) {
      this.report("ORDER", accountId, prompt.id, after === null ? "no private reply yet" : `${after} ms after it`);
    }
  }

  /** A reply becomes visible at Meta. */
  happened(accountId: string, prompt: Prompt | null, personId: string, effect: Effect): void {
    if (prompt === null) {
      const key = plainKey(accountId, personId, effect.text);
      this.#plain.set(key, (this.#plain.get(key) ?? 0) + 1);
      return;
    }
    // Two automations may each reply to one message; their texts differ.
    const alike = prompt.effects.filter(
      ({ way, text }) => way === effect.way && (way === "private_reply" || text === effect.text),
    );
    if (alike.length > 1) this.report("DUPLICATED", accountId, prompt.id, `${effect.way} number ${alike.length}`);
  }

  /** How often a person received this text, if texts do not show which message they answer. */
  plainCount(accountId: string, personId: string, text: string): number {
    return this.#plain.get(plainKey(accountId, personId, text)) ?? 0;
  }

  plainTexts(): IterableIterator<[string, number]> {
    return this.#plain.entries();
  }
}

interface Flight {
  from: number;
  until: number;
}

/** How long an echo waits for the answer to a send, and how soon after a message one counts as automatic. */
const ECHO_WAIT_MS = 90_000;
const INSTANT_MS = 5_000;

const RINGS_A_MINUTE = 600;

/** Meta refuses a private reply right next to a public one. */
const MIN_GAP_MS = 1_500;

/** Maximum time from the commit of an attempt to its request (src/engine/account/outbox/attempt.ts). */
const STALE_MS = 21_000;
const DAY_MS = 86_400_000;

function rateLimitOf(prompt: Prompt | null, way: Effect["way"]): string {
  if (way === "public_reply") return "public";
  if (way === "message") return "message";
  return prompt?.kind === "live_comment" ? "live" : "private";
}
