/**
 * One run of the alarm: judge attempts without a result, expire late replies, send due replies.
 *
 * The run first sets the next alarm (the lease), so that a run that dies is repeated. It never throws, because
 * Cloudflare drops an alarm permanently after a few failures. It works from the rows alone, so repeated, late or
 * duplicate calls are safe. https://developers.cloudflare.com/durable-objects/api/alarms/
 */
import { SendThrottle } from "../../../core/reply/send-throttle.ts";
import { counted, rateLimitRules } from "../../../core/reply/pacing.ts";
import { RATE_LIMITS, type Reply } from "../../../core/reply/reply.ts";
import type { SendConditions } from "../../../core/reply/step.ts";
import { describe } from "../../log.ts";
import { armAlarm, rateLimitOpensAt, sendTime, sendStatus, type SendStatus } from "../alarm.ts";
import { attempt } from "./attempt.ts";
import type { AccountPorts } from "../ports.ts";
import { findConversation } from "../tables/conversations.ts";
import { readRateLimit, storeRateLimit, recordCall } from "../tables/rate-limits.ts";
import { nextGroups, nextOfGroup, markServed } from "../tables/fair-queue.ts";
import { overdue, pendingDue, unanswered } from "../tables/due-replies.ts";
import { judgeDueEchoes, judgeWaitingEchoes } from "../ingest/echo-match.ts";
import { transition } from "./transition.ts";

/** If the run dies, the alarm fires again after this time. */
const LEASE_MS = 15_000;
/** After this time a run starts no more sends. Cloudflare ends an alarm after 15 minutes. */
const RUN_MS = 60_000;
/**
 * A run waits for the next row if it is due within this time. Otherwise it sets the alarm, and the object may
 * be evicted from memory.
 */
const LINGER_MS = 250;
/**
 * An attempt takes at most two reads of 10 s, a wait for the throttle and a call of 10 s. A longer attempt hangs: the
 * run no longer waits for it, and its row is judged like any other row without a result.
 */
const HANGS_MS = 45_000;
/** Maximum attempts in flight: at 300 ms each, more than 100 a second. */
const MAX_IN_FLIGHT = 64;
/** Pause between two reads of the due rows. 40 a second need few reads, and delay no reply noticeably. */
const TICK_MS = 25;
/** Longest pause until the next read while results are awaited and nothing else is due. */
const NAP_MS = 1_000;
/** Rows judged or expired in one transaction. */
const SWEEP = 500;

/** Sends for one account. One run at a time: a second caller returns, and the first run continues. */
export class Dispatcher {
  readonly #ports: AccountPorts;
  readonly #accountId: string;
  readonly #throttle = new SendThrottle();
  /** The attempts in flight, with their start times. */
  readonly #flights = new Set<{ since: number }>();
  #running = false;

  constructor(ports: AccountPorts, accountId: string) {
    this.#ports = ports;
    this.#accountId = accountId;
  }

  /**
   * Never throws.
   * @returns whether the run completed; if not, its lease is the next alarm
   */
  async run(): Promise<boolean> {
    if (this.#running) return false;
    this.#running = true;
    const ports = this.#ports;
    try {
      ports.setAlarm(ports.now() + LEASE_MS);
      this.#sweep();
      await this.#sendDue();
      armAlarm(ports);
      return true;
    } catch (error) {
      // The lease alarm stays set: it is the retry, and it prevents a hot loop after a bug.
      ports.log("alarm_failed", { accountId: this.#accountId, error: describe(error) });
      return false;
    } finally {
      this.#running = false;
    }
  }

  /** Judges attempts whose grace period is over, and expires rows whose window is closed. */
  #sweep(): void {
    const ports = this.#ports;
    ports.sql.transaction(() => {
      const now = ports.now();
      const state = sendStatus(ports, now);
      for (const reply of unanswered(ports.sql, now, SWEEP)) {
        transition(ports, this.#accountId, reply, {
          type: "unanswered",
          conditions: conditions(ports, reply, state, now),
        });
        // No answer will explain an echo any more.
        if (reply.personId !== null) judgeWaitingEchoes(ports, this.#accountId, reply.personId);
      }
      for (const reply of overdue(ports.sql, now, SWEEP)) {
        transition(ports, this.#accountId, reply, { type: "overdue" });
      }
      judgeDueEchoes(ports, this.#accountId, now, SWEEP);
    });
  }

  async #sendDue(): Promise<void> {
    const ports = this.#ports;
    const startedAt = ports.now();
    let wake: () => void = () => undefined;
    for (;;) {
      const now = ports.now();
      const late = now - startedAt >= RUN_MS;
      const inFlight = this.#inFlight(now);
      const orders = late ? [] : ports.sql.transaction(() => this.#pick(now, MAX_IN_FLIGHT - inFlight));
      if (orders.length > 0) {
        // The intent must be durable before the request leaves.
        const durable = ports.sync();
        for (const { id, attempts } of orders) {
          const flight = { since: now };
          this.#flights.add(flight);
          void durable
            .then(() => attempt(ports, this.#accountId, id, attempts, this.#throttle))
            .catch((error: unknown) => {
              ports.log("alarm_failed", { accountId: this.#accountId, replyId: id, error: describe(error) });
            })
            .finally(() => {
              this.#flights.delete(flight);
              wake();
            });
        }
      }
      const nextAt = late ? null : sendTime(ports, now);
      const near = nextAt !== null && nextAt <= now + LINGER_MS;
      const onTheirWay = inFlight + orders.length;
      if (onTheirWay === 0 && !near) return;
      const rest = new Promise<void>((resolve) => {
        wake = resolve;
      });
      // The run continues to pick rows while sends are in flight, so a slow response delays no other reply.
      const full = onTheirWay >= MAX_IN_FLIGHT;
      if (near && !full) await ports.sleep(Math.max(nextAt - now, TICK_MS));
      else await Promise.race([rest, ports.sleep(full || nextAt === null ? NAP_MS : Math.min(nextAt - now, NAP_MS))]);
    }
  }

  /** Number of attempts whose results are still awaited. */
  #inFlight(now: number): number {
    for (const flight of this.#flights) if (now - flight.since >= HANGS_MS) this.#flights.delete(flight);
    return this.#flights.size;
  }

  /** Commits the next attempts: each rate limit, then each group in turn, within rate limit and capacity. */
  #pick(now: number, capacity: number): { id: string; attempts: number }[] {
    const ports = this.#ports;
    const state = sendStatus(ports, now);
    if (state.settings.sending === "dry_run") {
      this.#pickDry(state, now);
      return [];
    }
    if (!state.maySend) return [];
    const rules = rateLimitRules(state.settings.pacing);
    const picked: { id: string; attempts: number }[] = [];
    for (const rateLimit of RATE_LIMITS) {
      let groups: string[] = [];
      while (picked.length < capacity) {
        let clock = readRateLimit(ports.sql, rateLimit);
        if (rateLimitOpensAt(ports.sql, rateLimit, rules[rateLimit], clock, now) > now) break;
        // Each group once per round, so that a viral post cannot starve a quiet one.
        if (groups.length === 0) groups = nextGroups(ports.sql, rateLimit, now, capacity);
        const group = groups.shift();
        if (group === undefined) break;
        const reply = nextOfGroup(ports.sql, rateLimit, group, now);
        if (reply === null) continue;
        const done = transition(ports, this.#accountId, reply, {
          type: "due",
          conditions: conditions(ports, reply, state, now),
        });
        if (done === null) throw new Error(`reply ${reply.id} is waiting but cannot be moved`);
        if (done.send) {
          recordCall(ports.sql, rateLimit, clock, now);
          clock = counted(rules[rateLimit], clock, now);
          storeRateLimit(ports.sql, rateLimit, clock);
          picked.push({ id: reply.id, attempts: done.reply.attempts });
        }
        markServed(ports.sql, rateLimit, group, clock.calls);
      }
    }
    return picked;
  }

  /**
   * A dry run cancels the replies that would be sent: no rate limit, no call. An uncertain row stays, because its
   * message may already have been sent.
   */
  #pickDry(state: SendStatus, now: number): void {
    const ports = this.#ports;
    for (const rateLimit of RATE_LIMITS) {
      for (const reply of pendingDue(ports.sql, rateLimit, now, SWEEP)) {
        transition(ports, this.#accountId, reply, { type: "due", conditions: conditions(ports, reply, state, now) });
      }
    }
  }
}

function conditions(ports: AccountPorts, reply: Reply, state: SendStatus, now: number): SendConditions {
  const human = reply.personId === null ? null : findConversation(ports.sql, reply.personId)?.humanUntil;
  return {
    sending: state.settings.sending,
    connected: state.connected,
    held: state.hold !== null,
    humanActive: human !== null && human !== undefined && human > now,
    retryUncertainMessages: state.settings.uncertainMessages === "retry",
  };
}
