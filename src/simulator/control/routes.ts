/**
 * `/__meta/…`: steers the simulator and shows what it knows. Used by the command line, the demo and tests; Meta has
 * nothing like it.
 */
import { handshake } from "../delivery/handshake.ts";
import { FAULT_TARGETS } from "../graph/fault.ts";
import type { Fault, FaultAction } from "../graph/fault.ts";
import { instagramObjectId, personId as newPersonId } from "../notifications/ids.ts";
import type { Simulator } from "../simulator.ts";
import { issueToken, LONG_LIVED_MS } from "../graph/token.ts";
import type { Account, Media } from "../graph/state.ts";
import { deliverBodies, listDeliveries } from "./deliveries.ts";
import { fail, listQuery, number, object, ok, oneOf, optionalText, text } from "./json.ts";
import type { Json } from "./json.ts";

/** Answers a control request. A problem with what was sent is a 400 that names it. */
export async function control(
  simulator: Simulator,
  request: Request,
  path: readonly string[],
  query: URLSearchParams,
): Promise<Response> {
  try {
    const body = await readJson(request);
    return await route(simulator, `${request.method} ${path[0] ?? ""}`, path, body, query);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return fail(400, error.message);
    throw error;
  }
}

async function readJson(request: Request): Promise<Json> {
  if (request.method === "GET" || request.method === "HEAD") return {};
  const content = await request.text();
  return content === "" ? {} : object(JSON.parse(content) as unknown, "the body");
}

async function route(
  simulator: Simulator,
  key: string,
  path: readonly string[],
  body: Json,
  query: URLSearchParams,
): Promise<Response> {
  const { graph, settings, host } = simulator;
  switch (key) {
    case "GET ":
      return ok({
        simulator: "replyline",
        callback: settings.callback?.url ?? null,
        settings: { ...settings, callback: null },
        accounts: [...graph.accounts.values()].map(({ id, platform, username }) => ({ id, platform, username })),
        waiting: simulator.dispatcher.waiting,
        sent: graph.sent.size,
        calls: simulator.calls.size,
      });
    case "POST reset":
      simulator.reset();
      return ok({ success: true });
    case "PUT settings":
      return ok(changeSettings(simulator, body));
    case "PUT callback":
      return putCallback(simulator, body);
    case "POST clock":
      simulator.set({ clockOffsetMs: settings.clockOffsetMs + number(body, "advanceSeconds") * 1000 });
      return ok({ graphNow: simulator.graphNow() });
    case "PUT outage": {
      const seconds = number(body, "seconds");
      simulator.set({ outageUntil: seconds === 0 ? null : host.now() + seconds * 1000 });
      return ok({ outageUntil: simulator.settings.outageUntil });
    }
    case "POST faults":
      return ok(addFault(simulator, body));
    case "DELETE faults":
      simulator.set({ faults: path[1] === undefined ? [] : settings.faults.filter(({ id }) => id !== path[1]) });
      return ok({ success: true });
    case "PUT accounts":
      return ok(putAccount(simulator, text(path[1], "the account's id in the path"), body));
    case "POST tokens":
      return ok({
        accessToken: newToken(
          simulator,
          text(body["accountId"], "accountId"),
          optionalNumber(body, "expiresInSeconds"),
        ),
      });
    case "DELETE tokens":
      return ok({
        killed: killTokens(
          simulator,
          text(path[1], "the account's id in the path"),
          number({ subcode: 463, ...body }, "subcode"),
        ),
      });
    case "PUT media":
      return ok(putMedia(simulator, text(path[1], "the media's id in the path"), body));
    case "PUT comments":
      return ok(putComment(simulator, text(path[1], "the comment's id in the path"), body));
    case "DELETE comments":
      return ok({ existed: graph.comments.delete(text(path[1], "the comment's id in the path")) });
    case "PUT conversations":
      return ok(putConversation(simulator, body));
    case "POST deliveries":
      return ok(await deliverBodies(simulator, body));
    case "GET deliveries":
      return ok(listDeliveries(simulator, query));
    case "GET calls":
      return ok(listQuery(simulator.calls.values(), query, ({ seq }) => seq));
    case "GET sent":
      return ok(listQuery(graph.sent.values(), query, () => null));
    case "GET accounts":
      return ok({ items: [...graph.accounts.values()] });
    case "GET comments":
      return ok(listQuery(graph.comments.values(), query, () => null));
    default:
      return fail(404, `No such control route: ${key}. See docs/simulator.md, "Control routes".`);
  }
}

const optionalNumber = (body: Json, name: string): number | null =>
  body[name] === undefined ? null : number(body, name);

function changeSettings(simulator: Simulator, body: Json): object {
  const { settings } = simulator;
  const rules = object(body["rules"] ?? {}, "rules");
  const echoes = object(body["echoes"] ?? {}, "echoes");
  if (body["regime"] !== undefined)
    simulator.set({ regime: oneOf(body["regime"], ["graph", "messenger"] as const, "regime") });
  if (body["speed"] !== undefined) {
    const speed = number(body, "speed");
    if (speed <= 0) throw new TypeError("speed must be more than 0");
    simulator.set({ speed });
  }
  return simulator.set({
    rules: { ...settings.rules, ...rules },
    echoes: { ...settings.echoes, ...echoes },
  });
}

async function putCallback(simulator: Simulator, body: Json): Promise<Response> {
  const { host, config } = simulator;
  const url = text(body["url"], "url");
  if (!URL.canParse(url)) throw new TypeError(`url must be an absolute address, not ${JSON.stringify(url)}`);
  const verifyToken = optionalText(body, "verifyToken") ?? config.verifyToken;
  const challenge = String(Math.floor(host.random() * 2 ** 31));
  const result = await handshake(url, verifyToken, challenge, host);
  if (!result.ok) return fail(422, `The callback URL could not be validated: ${result.detail}`, { ...result });
  simulator.set({ callback: { url, verifyToken } });
  return ok({ success: true, challenge, durationMs: result.durationMs });
}

function addFault(simulator: Simulator, body: Json): Fault {
  const { settings } = simulator;
  const does = object(body["does"], "does");
  const fault: Fault = {
    id: optionalText(body, "id") ?? `fault-${settings.faults.length + 1}`,
    on: oneOf(body["on"] ?? "any", FAULT_TARGETS, "on") as Fault["on"],
    accountId: optionalText(body, "accountId"),
    commentId: optionalText(body, "commentId"),
    times: optionalNumber(body, "times"),
    share: optionalNumber(body, "share") ?? 1,
    does: faultAction(does),
  };
  simulator.set({ faults: [...settings.faults, fault] });
  return fault;
}

/** Longer than any client waits. */
const HOLD_MS = 60_000;

function faultAction(does: Json): FaultAction {
  const after = does["after"] === true;
  switch (oneOf(does["kind"], ["error", "timeout", "delay"] as const, "does.kind")) {
    case "error":
      return {
        kind: "error",
        code: number(does, "code"),
        subcode: optionalNumber(does, "subcode"),
        status: optionalNumber(does, "status"),
        after,
      };
    case "timeout":
      return { kind: "timeout", holdMs: optionalNumber(does, "holdMs") ?? HOLD_MS, after };
    case "delay":
      return { kind: "delay", ms: number(does, "ms") };
  }
}

function putAccount(simulator: Simulator, id: string, body: Json): object {
  const { graph, host } = simulator;
  const known = graph.accounts.get(id);
  const platform = oneOf(
    body["platform"] ?? known?.platform ?? "instagram",
    ["instagram", "page"] as const,
    "platform",
  );
  const login = oneOf(
    body["login"] ?? known?.login ?? (platform === "page" ? "facebook" : "instagram"),
    ["instagram", "facebook"] as const,
    "login",
  );
  const account: Account = {
    id,
    platform,
    login,
    username: optionalText(body, "username") ?? known?.username ?? `account.${id.slice(-4)}`,
    name: optionalText(body, "name") ?? known?.name ?? "A simulated account",
    pageId: optionalText(body, "pageId") ?? known?.pageId ?? null,
    appScopedId: known?.appScopedId ?? newPersonId(host.random),
    selfScopedId: known?.selfScopedId ?? newPersonId(host.random),
    subscribedFields: known?.subscribedFields ?? [],
    webhooks: known?.webhooks ?? "never",
    messageAccess: body["messageAccess"] !== false,
    impressions: optionalNumber(body, "impressions") ?? known?.impressions ?? 1000,
  };
  graph.accounts.put(id, account);
  return { ...account, accessToken: newToken(simulator, id, null) };
}

function newToken(simulator: Simulator, accountId: string, expiresInSeconds: number | null): string {
  const { graph, host } = simulator;
  const account = graph.accounts.get(accountId);
  if (account === undefined) throw new TypeError(`no account ${accountId}: PUT /__meta/accounts/${accountId} first`);
  const instagram = account.login === "instagram" && account.platform === "instagram";
  const livesMs = expiresInSeconds === null ? (instagram ? LONG_LIVED_MS : null) : expiresInSeconds * 1000;
  const kind = instagram ? "instagram" : "page";
  const ownerId = instagram ? account.id : (account.pageId ?? account.id);
  return issueToken(graph, { kind, ownerId, livesMs }, simulator.graphNow(), host.random).value;
}

/** All tokens of an account die: 463 expired, 460 password changed, 458 app removed … */
function killTokens(simulator: Simulator, accountId: string, subcode: number): number {
  const { graph } = simulator;
  const account = graph.accounts.get(accountId);
  let killed = 0;
  for (const token of graph.tokens.values()) {
    if (token.ownerId !== accountId && token.ownerId !== account?.pageId) continue;
    if (token.deadSubcode !== null) continue;
    graph.tokens.put(token.value, { ...token, deadSubcode: subcode });
    killed += 1;
  }
  return killed;
}

const PRODUCT_TYPES = ["FEED", "REELS", "LIVE", "AD", "STORY"] as const;

function putMedia(simulator: Simulator, id: string, body: Json): Media {
  const { graph } = simulator;
  const known = graph.media.get(id);
  const productType = oneOf(body["productType"] ?? known?.productType ?? "REELS", PRODUCT_TYPES, "productType");
  return graph.media.put(id, {
    id,
    accountId: optionalText(body, "accountId") ?? known?.accountId ?? "",
    productType,
    caption: optionalText(body, "caption") ?? known?.caption ?? "A simulated post",
    permalink: known?.permalink ?? `https://www.instagram.com/p/${id}/`,
    createdAt: known?.createdAt ?? simulator.graphNow(),
    live: typeof body["live"] === "boolean" ? body["live"] : (known?.live ?? productType === "LIVE"),
  });
}

/** A comment that no notification tells of (the reconciler's case), or one that another app has answered already. */
function putComment(simulator: Simulator, id: string, body: Json): object {
  const { graph, host } = simulator;
  const known = graph.comments.get(id);
  return graph.comments.put(id, {
    id,
    accountId: optionalText(body, "accountId") ?? known?.accountId ?? "",
    mediaId: optionalText(body, "mediaId") ?? known?.mediaId ?? instagramObjectId(host.random),
    parentId: optionalText(body, "parentId") ?? known?.parentId ?? null,
    from: known?.from ?? { id: newPersonId(host.random), username: optionalText(body, "username") ?? "somebody" },
    text: optionalText(body, "text") ?? known?.text ?? "",
    createdAt: optionalNumber(body, "createdAt") ?? known?.createdAt ?? simulator.graphNow(),
    hidden: body["hidden"] === true,
    privateReplyMid: body["answered"] === true ? "another app" : (known?.privateReplyMid ?? null),
  });
}

function putConversation(simulator: Simulator, body: Json): object {
  const accountId = text(body["accountId"], "accountId");
  const personId = text(body["personId"], "personId");
  const ownerAppId = body["ownerAppId"];
  return simulator.graph.touchConversation(accountId, personId, {
    ...(typeof ownerAppId === "string" || ownerAppId === null ? { ownerAppId } : {}),
    ...(typeof body["unavailable"] === "boolean" ? { unavailable: body["unavailable"] } : {}),
    ...(typeof body["lastInboundAt"] === "number" ? { lastInboundAt: body["lastInboundAt"] } : {}),
  });
}
