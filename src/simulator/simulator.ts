/**
 * The Meta simulator: the Graph API, the delivery of notifications, and their settings. It does not depend on where it
 * runs: the Worker hosts it in a Durable Object, a test in plain Node.
 */
import { parseAppSecrets } from "../meta/signature.ts";
import { Dispatcher, inParallel, PARALLEL, type Delivery, type Failing } from "./delivery/webhook-dispatcher.ts";
import type { Fetch } from "./delivery/delivery-attempt.ts";
import type { AppIdentity } from "./graph/graph-call.ts";
import { observe } from "./graph/apply-notification.ts";
import { SlidingWindows } from "./graph/rate-limits.ts";
import { Collection, GraphState, type Persist } from "./graph/graph-state.ts";
import { replyAutomatically } from "./automatic-reply.ts";
import { initialSettings, type Settings } from "./simulator-settings.ts";

export interface SimulatorHost {
  now: () => number;
  random: () => number;
  fetch: Fetch;
  sleep: (ms: number) => Promise<void>;
  /** Calls `wake` at this time, or never. */
  wakeAt: (at: number | null) => void;
  persist: Persist;
}

export interface SimulatorConfig {
  appId: string;
  instagramAppId: string;
  /** In the format of META_APP_SECRETS. */
  appSecrets: string;
  verifyToken: string;
}

/** One Graph call and its response. It never contains a token or a text. */
export interface LoggedCall {
  seq: number;
  at: number;
  durationMs: number;
  method: string;
  path: string;
  operation: string;
  accountId: string | null;
  commentId: string | null;
  personId: string | null;
  status: number;
  /** `code` or `code/subcode` of the response. */
  code: string | null;
  /** What the call sent, whatever the response says. */
  mid: string | null;
  /** The fault that applied to this call. */
  fault: string | null;
}

/** Only the newest calls are stored, so that a long run does not fill the memory. */
const MAX_CALLS = 100_000;

export class Simulator {
  readonly host: SimulatorHost;
  readonly secrets: readonly LabelledSecret[];
  readonly config: SimulatorConfig;
  readonly graph: GraphState;
  readonly windows = new SlidingWindows();
  readonly deliveries: Collection<Delivery>;
  readonly calls: Collection<LoggedCall>;
  readonly dispatcher: Dispatcher;
  readonly #failing: Collection<Failing>;
  readonly #settings: Collection<Settings>;
  #nextCall = 1;
  #nextDelivery = 1;

  constructor(host: SimulatorHost, config: SimulatorConfig) {
    this.host = host;
    this.config = config;
    this.secrets = parseAppSecrets(config.appSecrets);
    this.graph = new GraphState(host.persist);
    this.deliveries = new Collection("deliveries", host.persist);
    this.calls = new Collection("calls", host.persist);
    this.#failing = new Collection("failing", host.persist);
    this.#settings = new Collection("settings", host.persist);
    this.dispatcher = new Dispatcher(
      { now: host.now, fetch: host.fetch, wakeAt: host.wakeAt, secret: (label) => this.secret(label) },
      this.graph,
      () => this.settings,
      this.deliveries,
      this.#failing,
    );
  }

  /** Restores a record that `persist` stored. Call `resume` after the last one. */
  restore(collection: string, id: string, value: object): void {
    if (this.graph.restore(collection, id, value)) return;
    for (const own of [this.deliveries, this.calls, this.#failing, this.#settings]) {
      if (own.name === collection) own.restore(id, value);
    }
  }

  resume(): void {
    for (const call of this.calls.values()) {
      this.#nextCall = Math.max(this.#nextCall, call.seq + 1);
      const rateLimit = call.operation === "private_reply" ? "private" : "message";
      if (call.mid !== null && call.accountId !== null) this.windows.record(`${call.accountId} ${rateLimit}`, call.at);
    }
    this.#nextDelivery = this.deliveries.size + 1;
    this.dispatcher.resume();
  }

  get settings(): Settings {
    // An older version may have stored fewer settings.
    const stored = this.#settings.get("settings");
    const initial = initialSettings();
    return { ...initial, ...stored, rules: { ...initial.rules, ...stored?.rules } };
  }

  set(change: Partial<Settings>): Settings {
    return this.#settings.put("settings", { ...this.settings, ...change });
  }

  /** The Graph API's time. */
  graphNow(): number {
    return this.host.now() + this.settings.clockOffsetMs;
  }

  get app(): AppIdentity {
    const { appId, instagramAppId } = this.config;
    return { appId, instagramAppId, secrets: this.secrets.map(({ secret }) => secret) };
  }

  /** The label of a secret that is named by its label or its value. The value must not appear in a log. */
  labelOf(named: string): string {
    return this.secrets.find(({ label, secret }) => label === named || secret === named)?.label ?? named;
  }

  /** The value of a secret. An unknown label gives a secret that no receiver has. */
  secret(label: string): string {
    return this.secrets.find((candidate) => candidate.label === label)?.secret ?? `not-configured:${label}`;
  }

  /** Makes the attempts that are due. */
  wake(): Promise<void> {
    return this.dispatcher.dispatchDue();
  }

  /** Schedules the delivery of a body in wire format, `delayMs` from now. */
  deliver(
    text: string,
    options: { label?: string; secret?: string; once?: boolean; delayMs?: number; observe?: boolean } = {},
  ): Delivery {
    const now = this.host.now();
    const seen = options.observe === false ? null : observe(this.graph, text, this.graphNow());
    const accountIds = seen?.accountIds ?? [];
    const login = this.graph.accounts.get(accountIds[0] ?? "")?.login ?? null;
    const object = seen?.object ?? "";
    const delivery: Delivery = {
      id: String(this.#nextDelivery++).padStart(8, "0"),
      createdAt: now,
      object,
      accountIds,
      updates: seen?.updates ?? 0,
      bytes: new TextEncoder().encode(text).length,
      label: options.label ?? (object === "" ? "unreadable" : object),
      secret:
        options.secret === undefined
          ? (secretFor(this.secrets, object, login)?.label ?? "none")
          : this.labelOf(options.secret),
      text,
      state: "waiting",
      once: options.once ?? false,
      attempts: [],
      nextAttemptAt: now + (options.delayMs ?? 0),
    };
    this.dispatcher.add(delivery);
    for (const writer of seen?.writers ?? []) replyAutomatically(this, writer, options.delayMs ?? 0);
    return delivery;
  }

  /** Schedules several bodies and makes their first attempts now. @returns each delivery after that attempt */
  async deliverNow(
    bodies: readonly string[],
    options: Parameters<Simulator["deliver"]>[1],
    parallel = PARALLEL,
  ): Promise<Delivery[]> {
    const ids = bodies.map((body) => this.deliver(body, options).id);
    await inParallel(ids, parallel, (id) => this.dispatcher.attemptNow(id));
    return ids.map((id) => this.deliveries.get(id)).filter((found) => found !== undefined);
  }

  /** The number of the newest call; 0 before the first. */
  get lastCall(): number {
    return this.#nextCall - 1;
  }

  log(call: Omit<LoggedCall, "seq">): void {
    const seq = this.#nextCall++;
    this.calls.put(callKey(seq), { seq, ...call });
    if (this.calls.size > MAX_CALLS) this.calls.delete(callKey(seq - MAX_CALLS));
  }

  /** Deletes everything except the callback URL. */
  reset(): void {
    const { callback } = this.settings;
    this.graph.clear();
    this.windows.clear();
    for (const collection of [this.deliveries, this.calls, this.#failing, this.#settings]) collection.clear();
    this.#nextCall = 1;
    this.#nextDelivery = 1;
    this.set({ callback, emptiedAt: this.host.now() });
    this.dispatcher.resume();
  }
}

const callKey = (seq: number): string => String(seq).padStart(10, "0");

/** A secret and its label, as `META_APP_SECRETS` lists them. */
type LabelledSecret = ReturnType<typeof parseAppSecrets>[number];

/**
 * The secret that Meta would sign with: the Instagram app secret for Instagram Login, the Meta app secret otherwise.
 * `login` is the account's, where it is known.
 */
function secretFor(
  secrets: readonly LabelledSecret[],
  object: string,
  login: "instagram" | "facebook" | null,
): LabelledSecret | undefined {
  const instagram = object === "instagram" && login !== "facebook";
  return secrets.find(({ label }) => (label === "instagram") === instagram) ?? secrets[0];
}
