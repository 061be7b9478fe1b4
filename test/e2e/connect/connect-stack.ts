/** Simulator, receiver and engine in one `wrangler dev`, with a state on disk that outlives a restart. */
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startStack } from "../../../src/simulator/cli/stack/local-stack.ts";
import type { LocalStack } from "../../../src/simulator/cli/stack/local-stack.ts";

export const INSTAGRAM_SECRET = "e2e_instagram_secret_not_real";
export const META_SECRET = "e2e_meta_secret_not_real";
export const ADMIN_TOKEN = "e2e-admin-token-not-real";
const VERIFY_TOKEN = "e2e-verify-token";
export const KEY_1 = "A".repeat(43);
export const KEY_2 = "B".repeat(42) + "A";

type Json = Record<string, unknown>;

export class Stack {
  url = "";
  readonly directory = mkdtempSync(join(tmpdir(), "replyline-connect-"));
  #dev: LocalStack | null = null;

  async start(vars: Record<string, string> = {}): Promise<void> {
    this.#dev = await startStack({
      directory: this.directory,
      vars: {
        META_APP_SECRETS: `instagram:${INSTAGRAM_SECRET},meta:${META_SECRET}`,
        META_VERIFY_TOKEN: VERIFY_TOKEN,
        ADMIN_TOKEN,
        TOKEN_ENCRYPTION_KEY: KEY_1,
        META_APP_ID: "1184729305561827",
        INSTAGRAM_APP_ID: "1184729305561828",
        REPLY_DEFER_SECONDS: "0",
        ...vars,
      },
    });
    this.url = this.#dev.url;
    await this.meta("PUT", "/callback", { url: `${this.url}/webhooks`, verifyToken: VERIFY_TOKEN });
  }

  /** Starts it unless it runs: an earlier test may have stopped it and failed. */
  async running(vars: Record<string, string> = {}): Promise<void> {
    if (this.#dev === null) await this.start(vars);
  }

  get logFile(): string {
    return join(this.directory, "wrangler.log");
  }

  async stop(): Promise<void> {
    await this.#dev?.stop();
    this.#dev = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The simulator's control routes. */
  meta<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#json(method, `/__meta${path}`, body);
  }

  /** Replyline's API, signed in. */
  api<T = Json>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#json(method, `/api${path}`, body);
  }

  async #json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as T;
  }

  /** Posts a `signed_request` as Meta does. */
  signedRequest(path: string, payload: Json, secret: string): Promise<Response> {
    const encoded = Buffer.from(JSON.stringify({ algorithm: "HMAC-SHA256", ...payload })).toString("base64url");
    const signature = createHmac("sha256", secret).update(encoded).digest("base64url");
    const body = new URLSearchParams({ signed_request: `${signature}.${encoded}` });
    return fetch(`${this.url}${path}`, { method: "POST", body });
  }

  /** One comment, delivered and signed as Meta does. */
  async comment(account: string, id: string, person: string, text: string, secondsAgo = 0): Promise<void> {
    await this.meta("PUT", `/comments/${id}`, { accountId: account, text });
    const value = { id, text, from: { id: person, username: "nadia.bakes" }, media: { id: "18054321970886143" } };
    const entry = {
      id: account,
      time: Math.floor(Date.now() / 1_000) - secondsAgo,
      changes: [{ field: "comments", value }],
    };
    await this.meta("POST", "/deliveries", { bodies: [JSON.stringify({ object: "instagram", entry: [entry] })] });
  }

  /** Files of our own Workers' state that contain this text. The simulator's files do not count. */
  filesWith(text: string): string[] {
    const needle = Buffer.from(text);
    return filesUnder(join(this.directory, "state"))
      .filter((file) => !file.includes("replyline-simulator"))
      .filter((file) => readFileSync(file).includes(needle));
  }

  /** All files that `filesWith` searches, to show that there are some. */
  stateFiles(): string[] {
    return filesUnder(join(this.directory, "state")).filter((file) => !file.includes("replyline-simulator"));
  }

  /** Tables of our own objects in which a row contains this text. Call it only while the stack is stopped. */
  tablesWith(text: string): string[] {
    return this.stateFiles()
      .filter((file) => file.endsWith(".sqlite") && !file.endsWith("metadata.sqlite") && file.includes("/do/"))
      .flatMap((file) => {
        const database = new DatabaseSync(file);
        try {
          const tables = database
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")
            .all();
          return tables
            .map(({ name }) => String(name))
            .filter((name) => JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all()).includes(text))
            .map((name) => `${basename(file).slice(0, 8)} ${name}`);
        } finally {
          database.close();
        }
      });
  }

  log(): string {
    return readFileSync(this.logFile, "utf8");
  }
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
}

/** A person's browser: it keeps cookies and follows no redirects. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #headers: Record<string, string>;

  constructor(headers: Record<string, string> = {}) {
    this.#headers = headers;
  }

  async open(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ ...this.#headers, ...(init.headers as Record<string, string>) });
    if (this.cookies.size > 0) headers.set("cookie", Array.from(this.cookies, (pair) => pair.join("=")).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ""] = cookie.split(";");
      this.cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    return response;
  }

  /** Starts a login and makes a choice at Meta. @returns the address to which Meta redirects the browser */
  async logIn(start: string, choice: string): Promise<string> {
    const begun = await this.open(start);
    const authorize = begun.headers.get("location");
    if (begun.status !== 302 || authorize === null) throw new Error(`${start} returned ${begun.status}`);
    const back = (await this.open(`${authorize}&choose=${choice}`)).headers.get("location");
    if (back === null) throw new Error("Meta did not send the browser back");
    return back;
  }
}

export const owner = (): Browser => new Browser({ authorization: `Bearer ${ADMIN_TOKEN}` });
