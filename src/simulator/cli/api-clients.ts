/** HTTP clients of the simulator's control routes and of Replyline's API. */
import type { EventItem } from "../../api/event.ts";
import type { ReplyItem } from "../../api/reply.ts";
import { apiPath } from "../../api/paths.ts";
import type { ShownDelivery } from "../control/control-deliveries.ts";
import type { SentMessage } from "../graph/graph-state.ts";
import type { Settings } from "../simulator-settings.ts";
import type { LoggedCall } from "../simulator.ts";

/** A response that is not a success, with its error message. */
export class RequestFailed extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "RequestFailed";
    this.status = status;
  }
}

type Json = Record<string, unknown>;

/** JSON in, JSON out, over HTTP. */
export class JsonClient {
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #attempts: number;

  /** @param attempts how often a request whose connection fails is sent; it may have arrived each time */
  constructor(base: string, headers: Readonly<Record<string, string>> = {}, attempts = ATTEMPTS) {
    this.#base = base.replace(/\/$/, "");
    this.#headers = headers;
    this.#attempts = attempts;
  }

  async request<T>(method: string, path: string, body?: unknown, timeoutMs = RESPONSE_MS): Promise<T> {
    const { status, text } = await this.#fetch(
      `${this.#base}${path}`,
      {
        method,
        headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      timeoutMs,
    );
    if (status < 200 || status > 299) throw new RequestFailed(status, messageOf(text, `${method} ${path}`, status));
    return (text === "" ? {} : JSON.parse(text)) as T;
  }

  /**
   * Local stacks close idle connections after five seconds, and sometimes one that is in use. The request is then tried
   * again. At worst a delivery is sent twice, which any receiver must handle.
   */
  async #fetch(url: string, init: RequestInit, timeoutMs: number): Promise<{ status: number; text: string }> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
        return { status: response.status, text: await response.text() };
      } catch (error) {
        if ((error as Error).name === "TimeoutError") {
          const late = `sent no response to ${init.method ?? ""} ${new URL(url).pathname} within ${timeoutMs / 1000} s`;
          throw new Error(`${new URL(url).origin} ${late}`, { cause: error });
        }
        if (attempt >= this.#attempts)
          throw new Error(`${new URL(url).origin} is not reachable (${causeOf(error)})`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
      }
    }
  }
}

/** The longest time of a normal response: two rounds of deliveries until their deadline, and some more. */
const RESPONSE_MS = 30_000;
/** The status is a quick request. */
const STATUS_MS = 5000;

const ATTEMPTS = 3;
const PAUSE_MS = 200;

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string }; message: string };
  return cause?.code ?? message;
}

function messageOf(text: string, what: string, status: number): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string; fields?: unknown } };
    if (error?.message !== undefined) {
      return error.fields === undefined ? error.message : `${error.message} ${JSON.stringify(error.fields)}`;
    }
  } catch {
    // Not JSON. The message below has the status.
  }
  return `${what} returned ${status}`;
}

export interface SimulatorStatus {
  simulator: string;
  callback: string | null;
  settings: Omit<Settings, "callback">;
  /** Labels of its signing secrets. */
  secrets: string[];
  accounts: {
    id: string;
    platform: "instagram" | "page";
    username: string;
    webhooks: "fine" | "failing" | "alert" | "off";
  }[];
  waiting: number;
  sent: number;
  calls: number;
  /** The number of the newest call, for `?after=`. */
  lastCall: number;
}

export interface DeliverOptions {
  label?: string;
  secret?: string;
  once?: boolean;
}

export class SimulatorClient {
  readonly url: string;
  readonly #http: JsonClient;

  constructor(url: string) {
    this.url = url;
    this.#http = new JsonClient(`${url}/__meta`);
  }

  /** The simulator at this address; null if there is none. */
  static async find(url: string): Promise<SimulatorClient | null> {
    try {
      const client = new SimulatorClient(url);
      const status = await client.#http.request<SimulatorStatus>("GET", "", undefined, STATUS_MS);
      return status.simulator === "replyline" ? client : null;
    } catch {
      return null;
    }
  }

  status(): Promise<SimulatorStatus> {
    return this.#http.request("GET", "");
  }

  control<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#http.request(method, path, body);
  }

  setCallback(url: string, verifyToken?: string): Promise<{ challenge: string; durationMs: number }> {
    return this.#http.request("PUT", "/callback", { url, ...(verifyToken === undefined ? {} : { verifyToken }) });
  }

  putAccount(id: string, account: Json): Promise<{ id: string; accessToken: string; username: string }> {
    return this.#http.request("PUT", `/accounts/${id}`, account);
  }

  /** Removes all faults and the outage. */
  async endMisbehavior(): Promise<void> {
    await this.control("DELETE", "/faults");
    await this.control("PUT", "/outage", { seconds: 0 });
  }

  /** Sends bodies in wire format. @returns each with its first attempt */
  async deliver(bodies: readonly string[], options: DeliverOptions = {}): Promise<ShownDelivery[]> {
    const { items } = await this.#http.request<{ items: ShownDelivery[] }>("POST", "/deliveries", {
      bodies,
      ...options,
    });
    return items;
  }

  async deliveries(query = ""): Promise<ShownDelivery[]> {
    return (await this.#http.request<{ items: ShownDelivery[] }>("GET", `/deliveries${query}`)).items;
  }

  /** All calls after the one with this number, page by page. */
  async calls(after = 0): Promise<LoggedCall[]> {
    const calls: LoggedCall[] = [];
    for (let last = after; ; last = calls.at(-1)?.seq ?? last) {
      const part = await this.#http.request<{ items: LoggedCall[]; more: boolean }>("GET", `/calls?after=${last}`);
      // Not spread into arguments: there may be more calls than the stack holds.
      for (const call of part.items) calls.push(call);
      if (!part.more) return calls;
    }
  }

  async sent(accountId?: string): Promise<SentMessage[]> {
    const query = accountId === undefined ? "" : `?accountId=${accountId}`;
    return (await this.#http.request<{ items: SentMessage[] }>("GET", `/sent${query}`)).items;
  }
}

/** The fields that the command line reads. */
export type ApiEvent = Pick<EventItem, "id" | "kind" | "receivedAt" | "duplicates" | "decisions" | "blocked" | "raw">;
export type ApiReply = Pick<
  ReplyItem,
  "id" | "eventId" | "kind" | "to" | "state" | "reason" | "dueAt" | "sentAt" | "messageId" | "attempts"
>;

const PAGE = 200;

/** Replyline's API, with ADMIN_TOKEN. */
export class ReplylineClient {
  readonly #http: JsonClient;

  constructor(url: string, adminToken: string) {
    this.#http = new JsonClient(url, { authorization: `Bearer ${adminToken}` });
  }

  connect(id: string, account: Json): Promise<Json> {
    return this.#http.request("PUT", apiPath("accounts", id), account);
  }

  subscribe(id: string, fields: readonly string[]): Promise<Json> {
    return this.#http.request("POST", apiPath("accounts", id, "subscriptions"), { fields });
  }

  putAutomations(id: string, items: readonly Json[]): Promise<Json> {
    return this.#http.request("PUT", apiPath("accounts", id, "automations"), { items });
  }

  putSettings(id: string, settings: Json): Promise<Json> {
    return this.#http.request("PUT", apiPath("accounts", id, "settings"), settings);
  }

  events(id: string): Promise<ApiEvent[]> {
    return this.#all(apiPath("accounts", id, "events"));
  }

  replies(id: string): Promise<ApiReply[]> {
    return this.#all(apiPath("accounts", id, "replies"));
  }

  quarantine(): Promise<{ id: string; reason: string }[]> {
    return this.#all(apiPath("quarantine"));
  }

  account(id: string): Promise<{ state: { events: number; replies: Record<string, number> } }> {
    return this.#http.request("GET", apiPath("accounts", id));
  }

  async #all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor: string | null } = await this.#http.request(
        "GET",
        `${path}?limit=${PAGE}${query}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }
}
