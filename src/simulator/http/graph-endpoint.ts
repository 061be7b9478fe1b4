/** The Graph API over HTTP: reads the call, applies faults, responds, logs, and sends the notifications that it causes. */
import { appSubscriptions, isSubscriptions } from "./app-subscriptions.ts";
import { proofProblem } from "./app-secret-proof.ts";
import { notifyEffect } from "./effect-notifications.ts";
import { routeGraph } from "../graph/graph-router.ts";
import {
  objectOf,
  errorResponse,
  type Effect,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
  type Routed,
} from "../graph/graph-call.ts";
import { anyError, GRAPH_ERRORS } from "../graph/graph-error.ts";
import { faultFor, type Fault } from "../graph/injected-fault.ts";
import type { Simulator } from "../simulator.ts";

/** The app's own calls, which are not about an account. */
const APP_SUBSCRIPTIONS = { operation: "subscriptions", accountId: null, commentId: null } as const;

/** A call that is ready to run. Only the app's own calls are asynchronous, because of the handshake. */
type Ready = Omit<Routed, "run"> & { run: () => GraphResponse | Promise<GraphResponse> };

export async function handleGraphRequest(
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
  const routed = isSubscriptions(call, context)
    ? { ...APP_SUBSCRIPTIONS, run: () => appSubscriptions(simulator, call, context) }
    : routeGraph(call, context);
  const unproven = await proofProblem(simulator, call);
  const ready = unproven === null ? routed : { ...routed, run: () => errorResponse(unproven, context.random) };
  const { result, effects, fault } = await carryOut(simulator, ready, context);

  simulator.log({
    at,
    durationMs: host.now() - at,
    method: call.method,
    path: `/${path.join("/")}`,
    operation: routed.operation,
    accountId: routed.accountId,
    commentId: routed.commentId,
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

/** Clients request `paging.next` unchanged, so it needs the token. The rules only know the cursor. */
function withNextAddress(body: unknown, url: URL, token: string | null): unknown {
  const { paging } = body as { paging?: { cursors: { after: string }; next?: string } };
  if (paging?.next === undefined) return body;
  const next = new URL(url);
  next.searchParams.set("after", paging.cursors.after);
  if (token !== null) next.searchParams.set("access_token", token);
  return { ...(body as object), paging: { ...paging, next: next.href } };
}

/** The outcome of a call. `effects` happened, whatever the response says; their notifications are scheduled. */
interface Outcome {
  result: GraphResponse;
  effects: Effect[];
  fault: Fault | null;
}

/** Runs the call, or the outage or fault that applies to it. */
async function carryOut(simulator: Simulator, routed: Ready, context: GraphContext): Promise<Outcome> {
  const { host, settings } = simulator;
  if (settings.outageUntil !== null && settings.outageUntil > host.now()) {
    return { result: errorResponse(GRAPH_ERRORS.outage, host.random), effects: [], fault: null };
  }
  const run = async (): Promise<GraphResponse> => {
    const done = await routed.run();
    for (const effect of done.effects) notifyEffect(simulator, effect);
    return done;
  };
  const fault = faultFor(settings.faults, routed, host.random);
  if (fault === null) {
    const result = await run();
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
      const result = await run();
      return { result, effects: result.effects, fault };
    }
    case "error": {
      const effects = does.after ? (await run()).effects : [];
      if (!does.after && isUsedUp(does)) useUpReply(routed, context);
      const result = errorResponse(anyError(does.code, does.subcode, does.status ?? undefined), context.random);
      return { result, effects, fault };
    }
    case "timeout": {
      const effects = does.after ? (await run()).effects : [];
      await host.sleep(does.holdMs);
      return { result: errorResponse(anyError(2, null, 504), context.random), effects, fault };
    }
  }
}

/** The error that uses up a comment's private reply, although nothing is sent. */
const isUsedUp = ({ code, subcode }: { code: number; subcode: number | null }): boolean =>
  code === GRAPH_ERRORS.replyUsedUp.code && subcode === GRAPH_ERRORS.replyUsedUp.subcode;

function useUpReply({ operation, commentId }: Pick<Routed, "operation" | "commentId">, { state }: GraphContext): void {
  const comment = operation === "private_reply" && commentId !== null ? state.comments.get(commentId) : undefined;
  if (comment !== undefined) state.comments.put(comment.id, { ...comment, usedUp: true });
}

async function readCall(request: Request, path: readonly string[], url: URL): Promise<GraphCall> {
  const params: Record<string, unknown> = Object.fromEntries(url.searchParams);
  if (request.method !== "GET" && request.method !== "HEAD") Object.assign(params, await readBody(request));
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const token = bearer ?? (typeof params["access_token"] === "string" ? params["access_token"] : null);
  return { method: request.method, path, params, token };
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  const type = request.headers.get("content-type") ?? "";
  try {
    // The simulator does not read the content of an upload.
    if (type.includes("multipart/form-data")) return Object.fromEntries((await request.formData()).entries());
    const text = await request.text();
    if (type.includes("application/x-www-form-urlencoded")) return Object.fromEntries(new URLSearchParams(text));
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...(value as Record<string, unknown>) } : {};
  } catch {
    return {};
  }
}

function recipientId(call: GraphCall): string | null {
  const id = objectOf(call.params["recipient"])?.["id"];
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
