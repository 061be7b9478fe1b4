/** The Graph API over HTTP: reads the call, lets faults in, answers, logs, and sends what follows from it. */
import { handshake } from "./delivery/handshake.ts";
import { routeGraph } from "./graph/answer.ts";
import { answer, refusal, textParam } from "./graph/call.ts";
import type { Effect, GraphAnswer, GraphCall, GraphContext, Routed } from "./graph/call.ts";
import { anyError, badParameter, GRAPH_ERRORS } from "./graph/error.ts";
import { faultFor } from "./graph/fault.ts";
import type { Fault } from "./graph/fault.ts";
import { isAppToken } from "./graph/oauth.ts";
import { comment as commentItem } from "./notifications/comment.ts";
import { envelope } from "./notifications/item.ts";
import { echo as echoItem } from "./notifications/message.ts";
import { feed } from "./notifications/page.ts";
import { toWire } from "./notifications/wire.ts";
import type { WireValue } from "./notifications/wire.ts";
import type { Simulator } from "./simulator.ts";

export async function answerGraph(
  simulator: Simulator,
  request: Request,
  path: readonly string[],
  url: URL,
): Promise<Response> {
  const { host } = simulator;
  const at = host.now();
  const call = await readCall(request, path, url);
  const context: GraphContext = {
    state: simulator.graph,
    windows: simulator.windows,
    now: simulator.graphNow(),
    random: host.random,
    app: simulator.app,
    rules: simulator.settings.rules,
  };
  const routed = isSubscriptions(call, context) ? null : routeGraph(call, context);
  const { result, effects, fault } =
    routed === null
      ? { result: await appSubscriptions(simulator, call, context), effects: [], fault: null }
      : await carryOut(simulator, routed, context);

  simulator.log({
    at,
    durationMs: host.now() - at,
    method: call.method,
    path: `/${path.join("/")}`,
    operation: routed?.operation ?? "subscriptions",
    accountId: routed?.accountId ?? null,
    commentId: routed?.commentId ?? null,
    personId: effects.find((effect) => effect.kind === "echo")?.personId ?? recipientId(call),
    status: result.status,
    code: codeOf(result.body),
    mid: midOf(effects),
    fault: fault?.id ?? null,
  });

  const isText = typeof result.body === "string";
  return new Response(
    isText ? (result.body as string) : JSON.stringify(withNextAddress(result.body, url, call.token)),
    {
      status: result.status,
      headers: {
        "content-type": "application/json; charset=UTF-8",
        "facebook-api-version": "v26.0",
        ...result.headers,
      },
    },
  );
}

/** `paging.next` is an address that is asked as it stands, token and all; the rules know the cursor only. */
function withNextAddress(body: unknown, url: URL, token: string | null): unknown {
  const { paging } = body as { paging?: { cursors: { after: string }; next?: string } };
  if (paging?.next === undefined) return body;
  const next = new URL(url);
  next.searchParams.set("after", paging.cursors.after);
  if (token !== null) next.searchParams.set("access_token", token);
  return { ...(body as object), paging: { ...paging, next: next.href } };
}

/** What a call came to. `effects` are those that happened, whatever the answer says; their notifications are planned. */
interface Outcome {
  result: GraphAnswer;
  effects: Effect[];
  fault: Fault | null;
}

/** The answer, with the outage or fault that was ordered for it. */
async function carryOut(simulator: Simulator, routed: Routed, context: GraphContext): Promise<Outcome> {
  const { host, settings } = simulator;
  if (settings.outageUntil !== null && settings.outageUntil > host.now()) {
    return { result: refusal(GRAPH_ERRORS.outage, host.random), effects: [], fault: null };
  }
  const run = (): GraphAnswer => {
    const done = routed.run();
    for (const effect of done.effects) followUp(simulator, effect);
    return done;
  };
  const fault = faultFor(settings.faults, routed, host.random);
  if (fault === null) {
    const result = run();
    return { result, effects: result.effects, fault };
  }
  if (fault.times !== null) {
    const times = fault.times - 1;
    simulator.set({ faults: settings.faults.map((other) => (other.id === fault.id ? { ...other, times } : other)) });
  }
  const { does } = fault;
  switch (does.kind) {
    case "delay": {
      await host.sleep(does.ms);
      const result = run();
      return { result, effects: result.effects, fault };
    }
    case "error": {
      const effects = does.after ? run().effects : [];
      const result = refusal(anyError(does.code, does.subcode, does.status ?? undefined), context.random);
      return { result, effects, fault };
    }
    case "timeout": {
      const effects = does.after ? run().effects : [];
      await host.sleep(does.holdMs);
      return { result: refusal(anyError(2, null, 504), context.random), effects, fault };
    }
  }
}

async function readCall(request: Request, path: readonly string[], url: URL): Promise<GraphCall> {
  const params: Record<string, unknown> = Object.fromEntries(url.searchParams);
  if (request.method !== "GET" && request.method !== "HEAD") Object.assign(params, await readBody(request));
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? (typeof params["access_token"] === "string" ? params["access_token"] : null);
  return { method: request.method, path, params, token };
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  const type = request.headers.get("content-type") ?? "";
  if (type.includes("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...(value as Record<string, unknown>) } : {};
  } catch {
    return {};
  }
}

function recipientId(call: GraphCall): string | null {
  const recipient = call.params["recipient"];
  const id = typeof recipient === "object" && recipient !== null ? (recipient as Record<string, unknown>)["id"] : null;
  return typeof id === "string" ? id : null;
}

function codeOf(body: unknown): string | null {
  const error = (body as { error?: { code?: number; error_subcode?: number } } | null)?.error;
  if (error?.code === undefined) return null;
  return error.error_subcode === undefined ? `${error.code}` : `${error.code}/${error.error_subcode}`;
}

function midOf(effects: readonly Effect[]): string | null {
  const [effect] = effects;
  if (effect === undefined) return null;
  return effect.kind === "echo" ? effect.mid : effect.commentId;
}

/** What Meta notifies about after a call: the echo of a message, or one's own comment. */
function followUp(simulator: Simulator, effect: Effect): void {
  const { graph, host, settings } = simulator;
  const account = graph.accounts.get(effect.accountId);
  if (account === undefined || settings.callback === null) return;
  const making = { now: simulator.graphNow(), random: host.random };
  const { delayMs } = settings.echoes;
  if (effect.kind === "own_comment") {
    const own = graph.comments.get(effect.commentId);
    if (own === undefined) return;
    const item =
      account.platform === "page"
        ? feed(
            {
              accountId: account.id,
              from: { id: account.id, name: account.name },
              item: "comment",
              verb: "add",
              postId: own.mediaId,
              commentId: own.id,
              parentId: own.parentId ?? own.mediaId,
              message: own.text,
            },
            making,
          )
        : commentItem(
            {
              accountId: account.id,
              id: own.id,
              text: own.text,
              from: { id: account.id, username: account.username },
              selfScopedId: account.selfScopedId,
              mediaId: own.mediaId,
              ...(own.parentId === null ? {} : { parentId: own.parentId }),
            },
            making,
          );
    simulator.deliver(toWire(envelope([item])), { label: "own comment", delayMs });
    return;
  }
  if (settings.echoes.mode === "lost" || host.random() < settings.echoes.lostShare) return;
  const attachments = effect.content["attachments"] ?? effect.content["attachment"];
  const item = echoItem(
    {
      platform: account.platform,
      accountId: account.id,
      personId: effect.personId,
      mid: effect.mid,
      appId: simulator.config.appId,
      ...(effect.text === null ? {} : { text: effect.text }),
      ...(effect.metadata === null ? {} : { metadata: effect.metadata }),
      ...(attachments === undefined
        ? {}
        : { attachments: (Array.isArray(attachments) ? attachments : [attachments]) as WireValue[] }),
    },
    making,
  );
  simulator.deliver(toWire(envelope([item])), { label: "echo", delayMs });
}

const isSubscriptions = (call: GraphCall, { app }: GraphContext): boolean =>
  call.path[1] === "subscriptions" && (call.path[0] === app.appId || call.path[0] === app.instagramAppId);

/** `/<app id>/subscriptions`: the callback URL, which must pass the handshake first (documentation: App Subscriptions). */
async function appSubscriptions(simulator: Simulator, call: GraphCall, context: GraphContext): Promise<GraphAnswer> {
  const { host } = simulator;
  if (!isAppToken(call.token, context)) return refusal(GRAPH_ERRORS.tokenUnreadable, host.random);
  const { callback } = simulator.settings;
  switch (call.method) {
    case "GET": {
      const one = (object: string): object => ({ object, callback_url: callback?.url, active: true, fields: [] });
      return answer({ data: callback === null ? [] : [one("instagram"), one("page")] });
    }
    case "POST": {
      const url = textParam(call, "callback_url");
      const verifyToken = textParam(call, "verify_token");
      if (url === null || !URL.canParse(url) || verifyToken === null) {
        return refusal(badParameter("callback_url and verify_token are required"), host.random);
      }
      const challenge = String(Math.floor(host.random() * 2 ** 31));
      const result = await handshake(url, verifyToken, challenge, host);
      if (!result.ok) {
        const problem = `(#2200) Callback verification failed with the following errors: ${result.detail}`;
        return refusal({ ...badParameter(problem), code: 2200, message: problem }, host.random);
      }
      simulator.set({ callback: { url, verifyToken } });
      return answer({ success: true });
    }
    case "DELETE":
      simulator.set({ callback: null });
      return answer({ success: true });
    default:
      return refusal(GRAPH_ERRORS.method, host.random);
  }
}
