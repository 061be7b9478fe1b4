/**
 * The engine's sender (src/engine/sender/entrypoint.ts): one Graph call per invocation, with the shipping request
 * builder and response parser. The network between them injects most of the faults.
 */
import type { AccountCore } from "../../../src/engine/account/account.ts";
import type { CommentReading, ReadOrder, SendResponse, SendOrder } from "../../../src/engine/account/ports.ts";
import type { ReplyKind } from "../../../src/core/reply/reply.ts";
import { readCommentForReply } from "../../../src/engine/sender/comment-reading.ts";
import { err, ok } from "../../../src/core/result.ts";
import { type GraphResponse, readAnswer, readSendResponse } from "../../../src/meta/graph/response.ts";
import type { GraphClient } from "../../../src/meta/graph/client.ts";
import { toComment, toPermalink, type GraphComment } from "../../../src/meta/graph/reading.ts";
import { type GraphCall, readComment, readMedia, sendReply } from "../../../src/meta/graph/request.ts";
import type { FaultKind } from "../faults.ts";
import { graphError, type HttpResponse, usageHeaders } from "../meta/answer.ts";
import type { Graph, GraphRequest } from "../meta/graph.ts";
import type { Prng } from "../prng.ts";
import { Process, type Settlement } from "../process.ts";
import { note, type Sim } from "../sim.ts";
import { ZOMBIE_MS, type Instance } from "./object.ts";

const HOSTS = {
  instagramUrl: "https://graph.instagram.com",
  facebookUrl: "https://graph.facebook.com",
  version: "v26.0",
};

/** The client's timeout (src/meta/graph/client.ts). */
const TIMEOUT_MS = 10_000;
/** Maximum time from arrival to effect at Meta, even if the response is later. An assumption. */
const EFFECT_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 40_000;

const SEND_FAULTS = [
  "graph_connect_failed",
  "graph_slow_to_arrive",
  "graph_timeout_before_effect",
  "graph_timeout_after_effect",
  "graph_reset_after_effect",
  "graph_5xx_before_effect",
  "graph_5xx_after_effect",
  "graph_4xx_after_effect",
  "graph_throttled_timed",
  "graph_throttled",
  "graph_blocked",
  "graph_person_unavailable",
  "graph_not_repliable",
  "graph_reply_blocked",
  "graph_usage_high",
  "echo_early",
] as const satisfies readonly FaultKind[];

type SendFault = (typeof SEND_FAULTS)[number];

/** A comment that the account's token may read; only its presence counts. */
const A_COMMENT: GraphComment = {
  id: "1",
  text: null,
  hidden: false,
  authorId: null,
  username: null,
  parentId: null,
  mediaId: null,
  mediaType: null,
  createdAt: null,
};

type ErrorCode = readonly [code: number, subcode: number | null];

/** Codes that Meta has returned although the reply was sent, and unknown codes. */
const DOUBTFUL_ERRORS: readonly ErrorCode[] = [
  [1, null],
  [2, 1_545_133],
  [20, 1_772_107],
  [1, 1_357_046],
  [99_901, null],
];

const THROTTLES: readonly ErrorCode[] = [
  [4, null],
  [17, null],
  [32, null],
  [613, null],
  [80_002, null],
];

/** A throttling error rejects calls for a few seconds. Calls after the time that Meta gave are accepted. */
const THROTTLED_FOR_MS = [0, 5_000] as const;

export class Sender {
  readonly #sim: Sim;
  readonly #graph: Graph;
  readonly #prng: Prng;
  /** Until then, no call reaches the sender. */
  awayUntil = 0;

  constructor(sim: Sim, graph: Graph) {
    this.#sim = sim;
    this.#graph = graph;
    this.#prng = sim.prng.fork("sender");
  }

  send(from: Instance<AccountCore>, order: SendOrder): Promise<SendResponse> {
    return from.wait((settlement) => from.emit(() => this.#start(from, order, settlement)));
  }

  readComment(from: Instance<AccountCore>, order: ReadOrder): Promise<CommentReading> {
    return from.wait((settlement) => from.emit(() => this.#startReading(order, settlement)));
  }

  #start(from: Instance<AccountCore>, order: SendOrder, settlement: Settlement<SendResponse>): void {
    const { scheduler, nemesis } = this.#sim;
    const fault = nemesis.pick("sender.call", ["sender_unreachable", "sender_answer_lost", "zombie_request"]);
    const broken = new Error("Network connection lost.");
    const away = scheduler.now < this.awayUntil;
    if (away) this.#sim.tally.fault("sender_away");
    if (away || fault === "sender_unreachable") {
      scheduler.after(this.#prng.latency(20), () => settlement.fail(broken));
      return;
    }
    let transitMs = this.#prng.latency(6);
    if (fault === "zombie_request") {
      // The object is replaced or dies while its request is in flight. The request is still sent, up to 30 s later.
      scheduler.after(0, () => (this.#prng.chance(0.5) ? from.host.replace() : from.kill()));
      transitMs = this.#prng.between(0, ZOMBIE_MS);
    }
    scheduler.after(transitMs, () => {
      this.#depart(from, order, (answer) => {
        const read = readSendResponse(order.kind, answer);
        if (fault === "sender_answer_lost") scheduler.after(20, () => settlement.fail(broken));
        else scheduler.after(this.#prng.latency(4), () => settlement.ok(read));
      });
    });
  }

  #depart(from: Instance<AccountCore>, order: SendOrder, give: (answer: GraphResponse) => void): void {
    const { scheduler, nemesis, tally } = this.#sim;
    const { replyId, kind, to, message, profile, token } = order;
    const call = sendReply(HOSTS, profile, { id: replyId, kind, to, message });
    if (!call.ok) throw new Error(`a reply to ${JSON.stringify(to)} cannot be addressed`);
    const request = toRequest(call.value, token, replyId);
    note(this.#sim, "departs", profile.id, `${replyId}#${order.attempt} to ${idOf(order)}`);

    let over = false;
    const end = (answer: GraphResponse): void => {
      if (over) return;
      over = true;
      note(this.#sim, "answer", profile.id, `${replyId}#${order.attempt} to ${idOf(order)}: ${wordFor(answer)}`);
      give(answer);
    };
    scheduler.after(TIMEOUT_MS, () => end({ kind: "timeout" }));
    const fault = nemesis.pick("graph.send", SEND_FAULTS);
    if (fault === "graph_connect_failed") {
      scheduler.after(this.#prng.between(5, 5_000), () => end({ kind: "network" }));
      return;
    }
    const transitMs =
      this.#prng.between(2, 30) + (fault === "graph_slow_to_arrive" ? this.#prng.between(500, 9_000) : 0);
    scheduler.after(transitMs, () => {
      const arrival = this.#arrive(request, kind, fault);
      if (arrival === null) return;
      if (arrival.done && !from.alive) tally.sometimes("zombie_effect");
      if (arrival.done && arrival.afterMs > TIMEOUT_MS) tally.sometimes("effect_after_timeout");
      scheduler.after(arrival.afterMs, () =>
        end(arrival.broken ? { kind: "network" } : toGraphResponse(arrival.answer)),
      );
    });
  }

  /** Meta's effect and the time of its response; null: no response. */
  #arrive(
    request: GraphRequest,
    kind: ReplyKind,
    fault: SendFault | null,
  ): { answer: HttpResponse; afterMs: number; broken: boolean; done: boolean } | null {
    const afterMs = Math.min(this.#prng.latency(300), 9_000);
    const refuse = (answer: HttpResponse) => ({
      answer: this.#graph.refuse(request, answer),
      afterMs,
      broken: false,
      done: false,
    });
    const throttle = (headers: Record<string, string>) => {
      const answer = graphError(400, ...this.#prng.pick(THROTTLES), headers);
      this.#graph.throttle(request, answer, this.#prng.between(...THROTTLED_FOR_MS));
      return refuse(answer);
    };
    const minutes = this.#prng.whole(1, 20);
    switch (fault) {
      case "graph_timeout_before_effect":
        this.#graph.swallow(request);
        return null;
      case "graph_5xx_before_effect":
        this.#graph.swallow(request);
        return { answer: unavailable(this.#prng), afterMs, broken: false, done: false };
      case "graph_throttled_timed":
        return throttle(usageHeaders(100, minutes));
      case "graph_throttled":
        return throttle(this.#prng.chance(0.5) ? usageHeaders(30, 0) : {});
      case "graph_blocked":
        this.#graph.block(request, minutes * 60_000);
        return refuse(graphError(400, 368, null));
      case "graph_person_unavailable":
        return refuse(graphError(400, 551, null));
      case "graph_reply_blocked":
        this.#graph.poison(request);
        return refuse(graphError(400, 368, null));
      case "graph_not_repliable":
        // Only private replies are refused with this code.
        if (kind === "private_reply") return refuse(graphError(400, 100, 2_534_025));
        return this.#act(request, null, afterMs);
      default:
        return this.#act(request, fault, afterMs);
    }
  }

  #act(request: GraphRequest, fault: SendFault | null, afterMs: number) {
    const late = fault === "graph_timeout_after_effect";
    const effectMs = this.#prng.between(0, late ? EFFECT_WITHIN_MS : afterMs / 2);
    const { answer, done } = this.#graph.send(request, effectMs);
    const usual = { answer, afterMs, broken: false, done };
    // A refusal is always reported correctly. Only an effect can be misreported.
    if (!done) return usual;
    switch (fault) {
      case "graph_timeout_after_effect":
        return { ...usual, afterMs: this.#prng.between(TIMEOUT_MS + 1, ANSWER_WITHIN_MS) };
      case "graph_reset_after_effect":
        return { ...usual, broken: true };
      case "graph_5xx_after_effect":
        return { ...usual, answer: unavailable(this.#prng) };
      case "graph_4xx_after_effect":
        return { ...usual, answer: graphError(400, ...this.#prng.pick(DOUBTFUL_ERRORS)) };
      case "echo_early":
        return { ...usual, afterMs: this.#prng.between(4_000, TIMEOUT_MS - 100) };
      case "graph_usage_high": {
        const headers = this.#prng.chance(0.3) ? usageHeaders(97, this.#prng.whole(0, 5)) : usageHeaders(80, 0);
        return { ...usual, answer: { ...answer, headers } };
      }
      default:
        return usual;
    }
  }

  #startReading(order: ReadOrder, settlement: Settlement<CommentReading>): void {
    const { scheduler } = this.#sim;
    // A separate invocation that no fault kills.
    const invocation = new Process(this.#sim, "sender", order.commentId, null);
    const graph: Pick<GraphClient, "readComment" | "readPermalink" | "recentMedia" | "mediaComments"> = {
      readComment: async (_caller, commentId) => {
        const answer = await this.#exchange(invocation, readComment(HOSTS, order.profile, commentId), order.token);
        const body = readAnswer(answer);
        if (!body.ok) return body;
        const comment = toComment(body.value, null);
        return comment === null ? err({ reason: "unavailable", code: "unreadable_answer" }) : ok(comment);
      },
      readPermalink: async (_caller, mediaId) => {
        const answer = await this.#exchange(invocation, readMedia(HOSTS, order.profile, mediaId), order.token);
        const body = readAnswer(answer);
        return body.ok ? ok(toPermalink(body.value)) : body;
      },
      // Every token here may read comments, so "not found" means deleted.
      recentMedia: async () => ok([{ id: "1", createdAt: null, commentCount: 1 }]),
      mediaComments: async () => ok({ comments: [A_COMMENT], after: null }),
    };
    scheduler.ranCode();
    readCommentForReply(graph as GraphClient, order).then(
      (reading) => scheduler.after(5, () => settlement.ok(reading)),
      (error: unknown) => scheduler.after(5, () => settlement.fail(error as Error)),
    );
  }

  #exchange(invocation: Process, call: ReturnType<typeof readComment>, token: string): Promise<GraphResponse> {
    return invocation.wait((settlement) => {
      const { scheduler, nemesis } = this.#sim;
      const fault = nemesis.pick("graph.read", ["read_failed", "read_slow"]);
      const ms = fault === "read_slow" ? this.#prng.between(500, 12_000) : this.#prng.latency(200);
      // The response has the state at the time of the request.
      scheduler.after(Math.min(50, ms), () => {
        const answer = call.ok ? this.#graph.read(toRequest(call.value, token, null)) : null;
        scheduler.after(Math.min(ms, TIMEOUT_MS) - 50, () => {
          if (answer === null || fault === "read_failed") settlement.ok({ kind: "network" });
          else settlement.ok(ms >= TIMEOUT_MS ? { kind: "timeout" } : toGraphResponse(answer));
        });
      });
    });
  }
}

function toRequest(call: GraphCall, token: string, replyId: string | null): GraphRequest {
  const [, ...path] = new URL(call.url).pathname.slice(1).split("/");
  return { method: call.method === "GET" ? "GET" : "POST", path, token, body: call.body?.text ?? "", replyId };
}

function toGraphResponse({ status, headers, body }: HttpResponse): GraphResponse {
  return { kind: "answer", status, headers: new Headers(headers), body, truncated: false };
}

/** A 5xx has Meta's error or the page of a proxy as body. */
function unavailable(prng: Prng): HttpResponse {
  return prng.chance(0.5) ? graphError(500, 2, null) : { status: 503, headers: {}, body: "<html>Unavailable</html>" };
}

function idOf({ to }: SendOrder): string {
  return "commentId" in to ? to.commentId : to.recipientId;
}

function wordFor(answer: GraphResponse): string {
  return answer.kind === "answer" ? `${answer.status} ${answer.body.slice(0, 120)}` : answer.kind;
}
