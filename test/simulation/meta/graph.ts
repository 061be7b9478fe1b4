/**
 * The rules of the Graph API for replies: tokens, blocks, limits, windows, one private reply per comment, and their
 * responses. Faults are injected in the network (platform/sender.ts).
 */
import { note, type Sim } from "../sim.ts";
import { graphError, type HttpResponse } from "./answer.ts";
import type { Effect, MetaAccount, Prompt, ReplyWay, History } from "./history.ts";

export interface GraphRequest {
  method: "GET" | "POST";
  path: readonly string[];
  token: string;
  body: string;
  /** Id of the reply. Not part of the request: the checker needs it to follow each row. */
  replyId: string | null;
}

/** A parsed send request. */
export interface Send {
  way: ReplyWay;
  account: MetaAccount;
  prompt: Prompt | null;
  personId: string;
  text: string;
  metadata: string | null;
  replyId: string | null;
}

const HOUR_MS = 3_600_000;
export const PRIVATE_REPLIES_PER_HOUR = 750;
export const MESSAGE_WINDOW_MS = 24 * HOUR_MS;
/**
 * An assumption that is harsher than any known behavior: Meta's rule of one private reply takes effect after a moment,
 * so two requests close together both succeed. Without it, no grace period would be needed.
 */
const RULE_IN_FORCE_MS = 5_000;

/** Called when a reply was sent. */
export interface Aftermath {
  arrived(send: Send): void;
  sent(send: Send, effect: Effect): void;
}

export class Graph {
  readonly #sim: Sim;
  readonly #history: History;
  readonly #aftermath: Aftermath;
  #mids = 0;

  constructor(sim: Sim, history: History, aftermath: Aftermath) {
    this.#sim = sim;
    this.#history = history;
    this.#aftermath = aftermath;
  }

  /**
   * A send arrives.
   *
   * @param effectDelayMs how long Meta takes until the reply is visible
   * @returns the response; `done` if the reply was sent or certainly will be
   */
  send(request: GraphRequest, effectDelayMs: number): { answer: HttpResponse; done: boolean } {
    const send = this.#read(request);
    this.#arrived(send);
    const problem = this.#problem(send, request.token);
    if (problem !== null) {
      if (send.prompt !== null) send.prompt.refusals++;
      return { answer: problem, done: false };
    }
    const mid = `mid_out_${++this.#mids}`;
    const arrivedAt = this.#sim.scheduler.now;
    this.#sim.scheduler.after(effectDelayMs, () => this.#effect(send, mid, arrivedAt));
    const { way, personId } = send;
    const body = way === "public_reply" ? { id: mid } : { recipient_id: personId, message_id: mid };
    return { answer: { status: 200, headers: {}, body: JSON.stringify(body) }, done: true };
  }

  /** A send arrives and is rejected without any effect. */
  refuse(request: GraphRequest, answer: HttpResponse): HttpResponse {
    const send = this.#read(request);
    this.#arrived(send);
    if (send.prompt !== null) send.prompt.refusals++;
    return answer;
  }

  /** A send arrives and has no effect, and no response proves that. */
  swallow(request: GraphRequest): void {
    this.#arrived(this.#read(request));
  }

  /** From now on Meta refuses every reply to this comment or message, and each time as if the account were blocked. */
  poison(request: GraphRequest): void {
    const { prompt, account } = this.#read(request);
    if (prompt === null || prompt.poison !== null) return;
    prompt.poison = { rounds: 0, othersPassed: false };
    const others = this.#history.poisoned.get(account.id) ?? [];
    this.#history.poisoned.set(account.id, [...others, prompt.poison]);
  }

  /** The account is blocked for a while. */
  block(request: GraphRequest, ms: number): void {
    this.#read(request).account.blockedUntil = this.#sim.scheduler.now + ms;
  }

  /** The account has called too often: other calls in flight are also rejected. */
  throttle(request: GraphRequest, answer: HttpResponse, ms: number): void {
    this.#read(request).account.throttle = { until: this.#sim.scheduler.now + ms, answer };
  }

  read(request: GraphRequest): HttpResponse {
    const [asked = ""] = request.path;
    const prompt = this.#history.prompts.get(asked);
    // All other reads are of media.
    if (prompt === undefined) {
      const body = { id: asked, permalink: `https://www.instagram.com/p/${asked}/` };
      return { status: 200, headers: {}, body: JSON.stringify(body) };
    }
    if (prompt.goneAt !== null) return graphError(400, 100, 33);
    const { id, text, personId, mediaId } = prompt;
    const body = { id, text, message: text, hidden: false, from: { id: personId }, media: { id: mediaId } };
    return { status: 200, headers: {}, body: JSON.stringify(body) };
  }

  #arrived(send: Send): void {
    const { way, account, prompt, personId } = send;
    const { now } = this.#sim.scheduler;
    if (way === "private_reply" && prompt?.kind === "comment") account.privateArrivals.push(now);
    if (prompt !== null) {
      prompt.calls++;
      prompt.firstCallAt ??= now;
    }
    note(this.#sim, "arrives", account.id, `${way} for ${prompt?.id ?? personId}`);
    this.#aftermath.arrived(send);
  }

  #problem(send: Send, token: string): HttpResponse | null {
    const { account, way, prompt, personId } = send;
    const { now } = this.#sim.scheduler;
    if (!account.tokens.has(token)) return graphError(400, 190, 460);
    if (now < account.blockedUntil) return graphError(400, 368, null);
    const poison = prompt?.poison ?? null;
    if (poison !== null) {
      if (poison.othersPassed) poison.rounds++;
      poison.othersPassed = false;
      return graphError(400, 368, null);
    }
    if (account.throttle !== null && now < account.throttle.until) {
      this.#sim.tally.sometimes("throttled_together");
      return account.throttle.answer;
    }
    if (way === "message") {
      const last = this.#history.lastInbound.get(`${account.id} ${personId}`);
      return last === undefined || now >= last + MESSAGE_WINDOW_MS ? graphError(400, 10, 2_534_022) : null;
    }
    if (prompt === null) return graphError(400, 100, 33);
    if (prompt.goneAt !== null) return graphError(400, 100, 33);
    if (way === "public_reply") return null;
    if (now >= prompt.windowEndsAt) return graphError(400, 10, 2_534_022);
    const replied = prompt.effects.find((effect) => effect.way === "private_reply");
    if (replied !== undefined && now >= replied.at + RULE_IN_FORCE_MS) {
      this.#sim.tally.sometimes("second_private_reply_refused");
      const { status, code, subcode } = account.secondReplyError;
      return graphError(status, code, subcode);
    }
    // This call is counted already.
    const first = account.privateArrivals.at(-PRIVATE_REPLIES_PER_HOUR - 1);
    if (prompt.kind === "comment" && first !== undefined && first > now - HOUR_MS) return graphError(400, 613, null);
    return null;
  }

  #effect(send: Send, mid: string, arrivedAt: number): void {
    const { way, text, replyId } = send;
    const effect: Effect = { way, replyId, at: this.#sim.scheduler.now, arrivedAt, text, mid, echoes: [] };
    send.prompt?.effects.push(effect);
    for (const poison of this.#history.poisoned.get(send.account.id) ?? []) poison.othersPassed = true;
    note(this.#sim, "effect", send.account.id, `${send.way} ${mid} for ${send.prompt?.id ?? send.personId}`);
    this.#aftermath.sent(send, effect);
  }

  #read({ path, body, replyId }: GraphRequest): Send {
    const [id = "", edge = ""] = path;
    if (edge === "messages") {
      const { recipient, message } = JSON.parse(body) as {
        recipient: { comment_id?: string; id?: string };
        message: { text?: string; metadata?: string };
      };
      const text = message.text ?? "";
      const metadata = message.metadata ?? null;
      const account = this.#history.account(id);
      if (recipient.comment_id !== undefined) {
        const prompt = this.#history.prompt(recipient.comment_id);
        return { way: "private_reply", account, prompt, personId: prompt.personId, text, metadata, replyId };
      }
      const personId = recipient.id ?? "";
      return { way: "message", account, prompt: this.#messageAnswered(text), personId, text, metadata, replyId };
    }
    const prompt = this.#history.prompt(id);
    const text = new URLSearchParams(body).get("message") ?? "";
    const account = this.#history.account(prompt.accountId);
    return { way: "public_reply", account, prompt, personId: prompt.personId, text, metadata: null, replyId };
  }

  /** Most texts contain the id of the message that they answer. */
  #messageAnswered(text: string): Prompt | null {
    const mid = /mid_in_\d+/.exec(text)?.[0];
    return mid === undefined ? null : (this.#history.prompts.get(mid) ?? null);
  }
}
