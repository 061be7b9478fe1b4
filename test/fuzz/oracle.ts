/**
 * Checks every response. The oracle sends a case to a receiver and compares the response, and everything that was
 * queued, stored and logged, with the receiver's guarantees. It computes the expected result without the receiver's
 * code.
 */
import type { MetaEvent } from "../../src/core/event.ts";
import { FuzzKv, FuzzQueue } from "./bindings.ts";
import { CANARY, type FuzzCase } from "./case.ts";
import { checkEvent, quarantinedBytes, unpack, type Violation, violation, written } from "./event-check.ts";
import { announced, expectedStatuses, signedHeaders, toRequest } from "./expectation.ts";
import type { FuzzEnv, Receiver } from "./receiver.ts";
import { META_APP_SECRETS } from "./signing.ts";

export interface Verdict {
  /** The status of the response; 0 if there was none. */
  status: number;
  /** Number of queued events, and how many of them are quarantined. */
  events: number;
  quarantined: number;
  /** The first violation. */
  violation: Violation | null;
}

/** Runs one case. Never throws: an exception of the receiver is a violation. */
export async function examine(receiver: Receiver, fuzzCase: FuzzCase): Promise<Verdict> {
  const run = new Run(receiver, fuzzCase);
  const log = captureLog();
  try {
    await run.all();
  } catch (error) {
    run.found("exception", error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    log.release();
  }
  if (log.lines.some((line) => line.includes(CANARY))) run.found("logged", "the log contains a text of a delivery");
  if ("polluted" in {}) {
    run.found("polluted", "every object has a property that came from a body");
    Reflect.deleteProperty(Object.prototype, "polluted");
  }
  return run.verdict;
}

/** Meta waits 5 s. The receiver waits 3 s for the queue, which is never slow here. The margin is for a busy machine. */
const LATE_MS = 20_000;

interface Answer {
  status: number;
  text: string;
}

class Run {
  readonly #receiver: Receiver;
  readonly #case: FuzzCase;
  readonly verdict: Verdict = { status: 0, events: 0, quarantined: 0, violation: null };

  constructor(receiver: Receiver, fuzzCase: FuzzCase) {
    this.#receiver = receiver;
    this.#case = fuzzCase;
  }

  found(rule: Violation["rule"], detail: string): void {
    this.verdict.violation ??= violation(rule, detail);
  }

  async all(): Promise<void> {
    const { fault, again, recut } = this.#case;
    const env = newEnv(this.#case);
    env.EVENTS.fault = fault;
    env.KV.fault = fault;
    const first = await this.#send(this.#case, env);
    this.verdict.status = first.status;
    for (const complaint of [...env.EVENTS.complaints, ...env.KV.complaints]) this.found("limit", complaint);
    const wanted = expectedStatuses(this.#case);
    if (!wanted.includes(first.status)) this.found("status", `${first.status} instead of ${wanted.join(" or ")}`);
    if (this.verdict.violation !== null) return;

    if (first.status === 503) return this.#failed(first, env);
    if (first.status !== 200) return this.#refused(first, env);
    this.#accepted(first, env.EVENTS.stored.length, env);
    if (this.verdict.violation !== null) return;
    if (again === "known" && fault === "none") await this.#repeatKnown(env);
    if (again === "forgotten") await this.#repeatForgotten(env);
    if (recut.length > 1) await this.#recut(recut, env);
  }

  /** A refused delivery is not stored, and the response has no body. */
  #refused(answer: Answer, env: FuzzEnv): void {
    if (answer.text !== "") this.found("answer", "a refusal has a body");
    if (env.EVENTS.stored.length > 0) this.found("accepted_unsigned", "a refused delivery was queued");
    if (env.KV.reads + env.KV.values.size > 0) this.found("accepted_unsigned", "KV was used for a refused delivery");
  }

  /** An event that could not be queued is not marked as seen, so that it is queued when Meta sends it again. */
  async #failed(answer: Answer, env: FuzzEnv): Promise<void> {
    if (answer.text !== "") this.found("answer", "a refusal has a body");
    for (const key of env.KV.values.keys()) {
      if (key.startsWith("seen:")) this.found("marked", "an event is marked as seen but not stored");
    }
    if (this.#case.fault === "interrupted") return;
    env.EVENTS.fault = "none";
    env.KV.fault = "none";
    const before = env.EVENTS.stored.length;
    this.#accepted(await this.#send(this.#case, env), env.EVENTS.stored.length - before, env);
  }

  /**
   * Every event of the body was queued once, with its original text.
   *
   * @param count number of events at the end of the queue that belong to this response
   */
  #accepted({ status, text }: Answer, count: number, env: FuzzEnv): void {
    const events = eventsOf(env).slice(env.EVENTS.stored.length - count);
    this.verdict.events = events.length;
    this.verdict.quarantined = events.filter(({ kind }) => kind === "quarantine").length;
    if (status !== 200 || text !== JSON.stringify({ received: count, duplicates: 0 })) {
      this.found("count", `${count} events were queued, and the answer is ${status} ${text}`);
    }
    for (const event of events) {
      const problem = checkEvent(event);
      if (problem !== null) this.found(problem.rule, problem.detail);
    }
    this.#compare(events);
  }

  #compare(events: readonly MetaEvent[]): void {
    const wanted = announced(this.#case.body);
    if (wanted === null) return this.#compareWhole(events);
    // White space after a part does not belong to it.
    const texts = wanted.map(({ text, accountId }) => `${accountId} ${text.trim()}`).toSorted();
    const got = events.map((event) => `${event.accountId} ${written(event).trim()}`).toSorted();
    const difference = texts.find((text, i) => text !== got[i]);
    if (texts.length > got.length) this.found("lost", `of ${texts.length} came ${got.length}: ${difference}`);
    else if (texts.length < got.length) this.found("invented", `of ${texts.length} came ${got.length}`);
    else if (difference !== undefined) this.found("changed", difference);
  }

  /** An unreadable body is one event with the exact bytes. A byte order mark is not part of a text. */
  #compareWhole(events: readonly MetaEvent[]): void {
    const [only] = events;
    const { body } = this.#case;
    const kept = only?.kind === "quarantine" && events.length === 1 ? quarantinedBytes(only.raw) : null;
    const isWhole = kept !== null && (kept.equals(body) || (hasMark(body) && kept.equals(body.subarray(3))));
    if (!isWhole) this.found("lost", "an unreadable body is not stored unchanged");
  }

  async #repeatKnown(env: FuzzEnv): Promise<void> {
    const before = env.EVENTS.stored.length;
    const { status, text } = await this.#send(this.#case, env);
    const count = env.EVENTS.stored.length - before;
    const wanted = JSON.stringify({ received: before, duplicates: before });
    if (status !== 200 || text !== wanted || count > 0) {
      this.found("repeat", `the same delivery again: ${status} ${text}, and ${count} events were queued again`);
    }
  }

  async #repeatForgotten(env: FuzzEnv): Promise<void> {
    const fresh = newEnv(this.#case);
    await this.#send({ ...this.#case, fault: "none" }, fresh);
    if (idsOf(fresh) !== idsOf(env)) this.found("id_unstable", "the same delivery has other ids when it is repeated");
  }

  async #recut(bodies: readonly string[], env: FuzzEnv): Promise<void> {
    const fresh = newEnv(this.#case);
    for (const text of bodies) {
      const body = Buffer.from(text);
      await this.#send({ ...this.#case, body, headers: signedHeaders(body), pieces: 1, fault: "none" }, fresh);
      fresh.KV.values.clear();
    }
    if (idsOf(fresh) !== idsOf(env)) this.found("id_unstable", "an id depends on the other events of the delivery");
  }

  async #send(fuzzCase: FuzzCase, env: FuzzEnv): Promise<Answer> {
    const left: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>): void => void left.push(work);
    const context = { waitUntil, passThroughOnException: () => undefined };
    const exchange = async (): Promise<Answer> => {
      const response = await this.#receiver(toRequest(fuzzCase), env, context);
      const text = await response.text();
      await Promise.all(left);
      return { status: response.status, text };
    };
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`no response within ${LATE_MS} ms`)), LATE_MS);
    try {
      return await Promise.race([exchange(), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const eventsOf = (env: FuzzEnv): MetaEvent[] => env.EVENTS.stored.map((queued) => unpack(queued, env.KV));

const idsOf = (env: FuzzEnv): string =>
  env.EVENTS.stored
    .map(({ id }) => id)
    .toSorted()
    .join("\n");

const hasMark = (body: Buffer): boolean => body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));

function newEnv({ maxBodyBytes }: FuzzCase): FuzzEnv {
  return {
    EVENTS: new FuzzQueue(),
    KV: new FuzzKv(),
    META_APP_SECRETS,
    META_VERIFY_TOKEN: "verify-token-not-real",
    MAX_BODY_BYTES: String(maxBodyBytes),
    REQUIRE_MTLS: "off",
  };
}

/** Captures the receiver's log until it is released. */
function captureLog(): { lines: string[]; release: () => void } {
  const lines: string[] = [];
  const { log, warn, error } = console;
  const take = (...parts: unknown[]): void => void lines.push(parts.map(String).join(" "));
  console.log = take;
  console.warn = take;
  console.error = take;
  const release = (): void => {
    Object.assign(console, { log, warn, error });
  };
  return { lines, release };
}
