/**
 * One run of the alarm: judge what was left unanswered, expire what is too late, send what is due.
 *
 * The run takes its next alarm first (the lease), so that a run which dies is repeated; it never throws, because after a
 * few failures Cloudflare drops an alarm for good; and it works from the rows alone, so it does not matter how often, how
 * late or how doubled it is called. https://developers.cloudflare.com/durable-objects/api/alarms/
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
import { judgeDueEchoes } from "../ingest/echo-match.ts";
import { transition } from "./transition.ts";

/** If the run dies, the alarm rings again after this. */
const LEASE_MS = 15_000;
/** After this a run starts no more sends; Cloudflare ends an alarm after 15 minutes. */
const RUN_MS = 60_000;
/** A run waits for the next row itself if it is this near; otherwise the alarm does, and the object may sleep. */
const LINGER_MS = 250;
/**
 * An attempt takes at most two looks of 10 s, a place at the door and a call of 10 s. One that takes longer hangs: nobody waits
 * for it any more, and its row is judged like any other that has no answer.
 */
const HANGS_MS = 45_000;
/** Attempts on their way at a time: at 300 ms each, more than 100 a second. */
const MAX_IN_FLIGHT = 64;
/** Between two looks at what is due: 40 a second take few enough reads, and make nobody wait. */
const TICK_MS = 25;
/** While answers are awaited and nothing else is due: how long at most until the next look. */
const NAP_MS = 1_000;
/** Rows judged or expired in one go. */
const SWEEP = 500;

/** Sends of one account. One at a time: a second caller finds the first at work and leaves it to it. */
export class Dispatcher {
  readonly #ports: AccountPorts;
  readonly #accountId: string;
  readonly #throttle = new SendThrottle();
  /** When each attempt that is on its way was begun. */
  readonly #flights = new Set<{ since: number }>();
  #running = false;

  constructor(ports: AccountPorts, accountId: string) {
    this.#ports = ports;
    this.#accountId = accountId;
  }

  /** Never throws. @returns whether the run went through; if not, its lease is the next alarm. */
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
      // The lease alarm stands: it is the retry, and it keeps a bug from becoming a hot loop.
      ports.log("alarm_failed", { accountId: this.#accountId, error: describe(error) });
      return false;
    } finally {
      this.#running = false;
    }
  }

  /** Judges attempts whose grace is over, and closes rows whose window is. */
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
      // While sends are on their way the run goes on picking, so a slow answer holds nobody else up.
      const full = onTheirWay >= MAX_IN_FLIGHT;
      if (near && !full) await ports.sleep(Math.max(nextAt - now, TICK_MS));
      else await Promise.race([rest, ports.sleep(full || nextAt === null ? NAP_MS : Math.min(nextAt - now, NAP_MS))]);
    }
  }

  /** Attempts whose answers are still worth waiting for. */
  #inFlight(now: number): number {
    for (const flight of this.#flights) if (now - flight.since >= HANGS_MS) this.#flights.delete(flight);
    return this.#flights.size;
  }

  /** Commits the next attempts, lane by lane and group by group in turn, as far as pace and capacity go. */
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
        // Each group once a round, so that a viral post cannot starve a quiet one.
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

  /** A dry run cancels what would have left: no pace, no call. An uncertain row is a question, not a plan: it stays. */
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
