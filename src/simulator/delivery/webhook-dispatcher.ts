/**
 * Deliveries and their attempts: the first one at once, the others on Meta's ladder. The host keeps the waiting ones
 * and wakes the dispatcher when the next is due.
 */
import type { GraphState } from "../graph/graph-state.ts";
import type { Collection } from "../graph/graph-state.ts";
import type { Settings } from "../simulator-settings.ts";
import { attemptDelivery, succeeded } from "./delivery-attempt.ts";
import type { Attempt, Fetch } from "./delivery-attempt.ts";
import { nextAttemptAt, subscriptionStatus } from "./retry-schedule.ts";

export interface Delivery {
  id: string;
  createdAt: number;
  object: string;
  accountIds: string[];
  updates: number;
  bytes: number;
  /** What it is, for the log: `comment`, `echo`, a file's name … */
  label: string;
  /** The signing secret's label; the secret itself is looked up at each attempt. */
  secret: string;
  /** The body, until the delivery is over. */
  text: string | null;
  state: "waiting" | "delivered" | "given_up" | "not_sent";
  /** Tried once and never again, whatever the answer. */
  once: boolean;
  attempts: Attempt[];
  nextAttemptAt: number | null;
}

/** How long an account's deliveries have been failing, in Messenger's regime. */
export interface Failing {
  since: number;
  alerted: boolean;
}

export interface DispatcherHost {
  now: () => number;
  fetch: Fetch;
  /** The value of a secret by its label. */
  secret: (label: string) => string;
  /** Asks to be woken: `dispatchDue` at this time. */
  wakeAt: (at: number | null) => void;
}

/** Attempts that run at the same time. */
const PARALLEL = 8;

export class Dispatcher {
  readonly #host: DispatcherHost;
  readonly #deliveries: Collection<Delivery>;
  readonly #failing: Collection<Failing>;
  readonly #graph: GraphState;
  readonly #settings: () => Settings;
  /** Ids of deliveries that wait, so that the finished ones need not be looked at. */
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();

  constructor(
    host: DispatcherHost,
    graph: GraphState,
    settings: () => Settings,
    deliveries: Collection<Delivery>,
    failing: Collection<Failing>,
  ) {
    this.#host = host;
    this.#graph = graph;
    this.#settings = settings;
    this.#deliveries = deliveries;
    this.#failing = failing;
  }

  /** After the collections were restored: find what still waits, and ask to be woken. */
  resume(): void {
    this.#waiting.clear();
    for (const delivery of this.#deliveries.values()) if (delivery.state === "waiting") this.#waiting.add(delivery.id);
    this.#scheduleWake();
  }

  add(delivery: Delivery): void {
    this.#deliveries.put(delivery.id, delivery);
    this.#waiting.add(delivery.id);
    this.#scheduleWake();
  }

  /** Makes every attempt that is due, and answers when these attempts are over. */
  async dispatchDue(): Promise<void> {
    const now = this.#host.now();
    const due = [...this.#waiting].filter((id) => {
      const delivery = this.#deliveries.get(id);
      return !this.#running.has(id) && delivery !== undefined && (delivery.nextAttemptAt ?? now) <= now;
    });
    for (const id of due) this.#running.add(id);
    const queue = due.values();
    const worker = async (): Promise<void> => {
      for (const id of queue) await this.#attempt(id);
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, due.length) }, worker));
    this.#scheduleWake();
  }

  /** Makes one delivery's next attempt now. */
  async attemptNow(id: string): Promise<void> {
    if (this.#running.has(id) || !this.#waiting.has(id)) return;
    this.#running.add(id);
    await this.#attempt(id);
    this.#scheduleWake();
  }

  /** After the ladder or its speed has changed: when each of those that wait is tried next. */
  replan(): void {
    const { regime, speed } = this.#settings();
    for (const id of this.#waiting) {
      const delivery = this.#deliveries.get(id);
      const first = delivery?.attempts[0];
      // One that is being tried is planned when its answer is there; one that was never tried has nothing to wait for.
      if (delivery === undefined || first === undefined || this.#running.has(id)) continue;
      this.#plan(delivery, nextAttemptAt(regime, first.at, delivery.attempts.length, speed, this.#host.now()));
    }
    this.#scheduleWake();
  }

  /** After an outage that was to last until `at` has ended sooner: what waits for its end is due now. */
  release(at: number): void {
    for (const id of this.#waiting) {
      const delivery = this.#deliveries.get(id);
      if (delivery?.nextAttemptAt !== at || this.#running.has(id)) continue;
      this.#deliveries.put(id, { ...delivery, nextAttemptAt: this.#host.now() });
    }
    this.#scheduleWake();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** How an account's webhooks stand in Messenger's regime: `alert` after 15 minutes of failures, `off` after an hour. */
  webhookStatus(accountId: string): "fine" | "failing" | "alert" | "off" {
    if (this.#graph.accounts.get(accountId)?.webhooks === "disabled") return "off";
    const failing = this.#failing.get(accountId);
    return failing === undefined ? "fine" : failing.alerted ? "alert" : "failing";
  }

  async #attempt(id: string): Promise<void> {
    try {
      const delivery = this.#deliveries.get(id);
      if (delivery === undefined || delivery.text === null) return;
      const { callback, outageUntil } = this.#settings();
      const now = this.#host.now();
      if (outageUntil !== null && outageUntil > now) {
        this.#deliveries.put(id, { ...delivery, nextAttemptAt: outageUntil });
        return;
      }
      const disabled = delivery.accountIds.some(
        (accountId) => this.#graph.accounts.get(accountId)?.webhooks === "disabled",
      );
      if (callback === null || disabled) {
        this.#finish(delivery, "not_sent");
        return;
      }
      const attempt = await attemptDelivery(
        callback.url,
        delivery.text,
        this.#host.secret(delivery.secret),
        this.#host,
      );
      this.#recordAttempt({ ...delivery, attempts: [...delivery.attempts, attempt] }, attempt);
    } finally {
      this.#running.delete(id);
    }
  }

  #recordAttempt(delivery: Delivery, attempt: Attempt): void {
    const { regime, speed } = this.#settings();
    const now = this.#host.now();
    if (succeeded(attempt)) {
      for (const accountId of delivery.accountIds) this.#failing.delete(accountId);
      this.#finish(delivery, "delivered");
      return;
    }
    if (delivery.once) {
      this.#finish(delivery, "given_up");
      return;
    }
    if (regime === "messenger") {
      for (const accountId of delivery.accountIds) this.#recordFailure(accountId, speed, attempt.at, now);
    }
    const firstAttemptAt = delivery.attempts[0]?.at ?? now;
    this.#plan(delivery, nextAttemptAt(regime, firstAttemptAt, delivery.attempts.length, speed, now));
  }

  #plan(delivery: Delivery, next: number | null): void {
    if (next === null) this.#finish(delivery, "given_up");
    else this.#deliveries.put(delivery.id, { ...delivery, nextAttemptAt: next });
  }

  /** `attemptAt`: the ladder counts from when attempts leave, and so does the hour; on a fast clock answers take minutes. */
  #recordFailure(accountId: string, speed: number, attemptAt: number, now: number): void {
    const failing = this.#failing.get(accountId) ?? { since: attemptAt, alerted: false };
    const status = subscriptionStatus(failing.since, speed, now);
    this.#failing.put(accountId, { ...failing, alerted: status !== "fine" });
    const account = this.#graph.accounts.get(accountId);
    if (status === "disabled" && account !== undefined) {
      this.#graph.accounts.put(accountId, { ...account, webhooks: "disabled" });
      // Who subscribes again has a whole hour again.
      this.#failing.delete(accountId);
    }
  }

  #finish(delivery: Delivery, state: Delivery["state"]): void {
    this.#waiting.delete(delivery.id);
    this.#deliveries.put(delivery.id, { ...delivery, state, text: null, nextAttemptAt: null });
  }

  #scheduleWake(): void {
    let earliest: number | null = null;
    for (const id of this.#waiting) {
      if (this.#running.has(id)) continue;
      const at = this.#deliveries.get(id)?.nextAttemptAt ?? this.#host.now();
      earliest = earliest === null ? at : Math.min(earliest, at);
    }
    this.#host.wakeAt(earliest);
  }
}
