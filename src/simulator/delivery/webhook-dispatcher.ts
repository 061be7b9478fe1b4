/**
 * Deliveries and their attempts: the first one now, the others on Meta's retry schedule. The host stores waiting
 * deliveries and wakes the dispatcher when the next attempt is due.
 */
import type { GraphState, Collection } from "../graph/graph-state.ts";
import type { Settings } from "../simulator-settings.ts";
import { attemptDelivery, succeeded, type Attempt, type Fetch } from "./delivery-attempt.ts";
import { nextAttemptAt, subscriptionStatus } from "./retry-schedule.ts";

export interface Delivery {
  id: string;
  createdAt: number;
  object: string;
  accountIds: string[];
  updates: number;
  bytes: number;
  /** The name in the log: `comment`, `echo` or a file name. */
  label: string;
  /** The label of the signing secret. Each attempt looks up the secret. */
  secret: string;
  /** The body, until the delivery is finished. */
  text: string | null;
  state: "waiting" | "delivered" | "given_up" | "not_sent";
  /** No retries, whatever the response. */
  once: boolean;
  attempts: Attempt[];
  nextAttemptAt: number | null;
}

/** Since when an account's deliveries have failed, with Messenger's retry policy. */
export interface Failing {
  since: number;
  alerted: boolean;
}

export interface DispatcherHost {
  now: () => number;
  fetch: Fetch;
  /** The value of a secret by its label. */
  secret: (label: string) => string;
  /** Calls `dispatchDue` at this time. */
  wakeAt: (at: number | null) => void;
}

/** Attempts that run at the same time. */
export const PARALLEL = 8;

/** Runs `act` for every item, for at most `limit` items at the same time. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

export class Dispatcher {
  readonly #host: DispatcherHost;
  readonly #deliveries: Collection<Delivery>;
  readonly #failing: Collection<Failing>;
  readonly #graph: GraphState;
  readonly #settings: () => Settings;
  /** Ids of waiting deliveries, so that finished ones need no check. */
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

  /** Call this after the collections are restored: finds the waiting deliveries, and schedules the next attempt. */
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

  /** Makes every attempt that is due. Resolves when these attempts are finished. */
  async dispatchDue(): Promise<void> {
    const now = this.#host.now();
    const due = [...this.#waiting].filter((id) => {
      const delivery = this.#deliveries.get(id);
      return !this.#running.has(id) && delivery !== undefined && (delivery.nextAttemptAt ?? now) <= now;
    });
    for (const id of due) this.#running.add(id);
    await inParallel(due, PARALLEL, (id) => this.#attempt(id));
    this.#scheduleWake();
  }

  /** Makes the next attempt of one delivery now. */
  async attemptNow(id: string): Promise<void> {
    if (this.#running.has(id) || !this.#waiting.has(id)) return;
    this.#running.add(id);
    await this.#attempt(id);
    this.#scheduleWake();
  }

  /** Call this after the retry policy or its speed changed: schedules the waiting deliveries again. */
  reschedule(): void {
    const { regime, speed } = this.#settings();
    for (const id of this.#waiting) {
      const delivery = this.#deliveries.get(id);
      const first = delivery?.attempts[0];
      // A running attempt schedules the next one itself. A delivery without an attempt is due already.
      if (delivery === undefined || first === undefined || this.#running.has(id)) continue;
      this.#schedule(delivery, nextAttemptAt(regime, first.at, delivery.attempts.length, speed, this.#host.now()));
    }
    this.#scheduleWake();
  }

  /** Call this when an outage until `at` ended early: deliveries that wait for its end are due now. */
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

  /** The state of an account's webhooks with Messenger's retry policy: `alert` after 15 minutes of failures, `off` after an hour. */
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
    this.#schedule(delivery, nextAttemptAt(regime, firstAttemptAt, delivery.attempts.length, speed, now));
  }

  #schedule(delivery: Delivery, next: number | null): void {
    if (next === null) this.#finish(delivery, "given_up");
    else this.#deliveries.put(delivery.id, { ...delivery, nextAttemptAt: next });
  }

  /** `attemptAt`: the schedule and the hour count from the start of an attempt. At a high speed, a response takes minutes. */
  #recordFailure(accountId: string, speed: number, attemptAt: number, now: number): void {
    const failing = this.#failing.get(accountId) ?? { since: attemptAt, alerted: false };
    const status = subscriptionStatus(failing.since, speed, now);
    this.#failing.put(accountId, { ...failing, alerted: status !== "fine" });
    const account = this.#graph.accounts.get(accountId);
    if (status === "disabled" && account !== undefined) {
      this.#graph.accounts.put(accountId, { ...account, webhooks: "disabled" });
      // After a new subscription, the hour starts again.
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
