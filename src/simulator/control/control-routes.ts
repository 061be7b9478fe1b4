/**
 * The control routes, `/__meta/…`: they change and show the simulator's state. The command line, the demo and tests use
 * them. Meta has no such routes.
 */
import { handshake } from "../delivery/callback-handshake.ts";
import type { Simulator } from "../simulator.ts";
import { changeSettings } from "./change-settings.ts";
import { deliverBodies, listDeliveries } from "./control-deliveries.ts";
import { addFault } from "./fault-orders.ts";
import {
  atLeastZero,
  fail,
  listQuery,
  number,
  object,
  ok,
  optionalNumber,
  optionalText,
  text,
  type Json,
} from "./control-json.ts";
import {
  killTokens,
  newToken,
  putAccount,
  putComment,
  putConversation,
  putMessage,
  putMedia,
  subscribe,
} from "./control-records.ts";

/** Responds to a control request. An invalid request gets a 400 that names the problem. */
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
        secrets: simulator.secrets.map(({ label }) => label),
        accounts: [...graph.accounts.values()].map(({ id, platform, username }) => ({
          id,
          platform,
          username,
          webhooks: simulator.dispatcher.webhookStatus(id),
        })),
        waiting: simulator.dispatcher.waiting,
        sent: graph.sent.size,
        calls: simulator.calls.size,
        lastCall: simulator.lastCall,
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
      const seconds = atLeastZero(body, "seconds");
      simulator.set({ outageUntil: seconds === 0 ? null : host.now() + seconds * 1000 });
      if (settings.outageUntil !== null) simulator.dispatcher.release(settings.outageUntil);
      return ok({ outageUntil: simulator.settings.outageUntil });
    }
    case "POST faults":
      return ok(addFault(simulator, body));
    case "DELETE faults":
      simulator.set({ faults: path[1] === undefined ? [] : settings.faults.filter(({ id }) => id !== path[1]) });
      return ok({ success: true });
    case "PUT accounts":
      return ok(putAccount(simulator, text(path[1], "the account's id in the path"), body));
    case "PUT subscriptions":
      return ok(subscribe(simulator, text(path[1], "the account's id in the path")));
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
    case "PUT messages":
      return ok(putMessage(simulator, text(path[1], "the message's id in the path"), body));
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
      return fail(404, `Unknown control route: ${key}. See docs/simulator.md, "Control routes".`);
  }
}

async function putCallback(simulator: Simulator, body: Json): Promise<Response> {
  const { host, config } = simulator;
  const url = text(body["url"], "url");
  if (!URL.canParse(url)) throw new TypeError(`url must be an absolute URL, not ${JSON.stringify(url)}`);
  const verifyToken = optionalText(body, "verifyToken") ?? config.verifyToken;
  const challenge = String(Math.floor(host.random() * 2 ** 31));
  const result = await handshake(url, verifyToken, challenge, host);
  if (!result.ok) return fail(422, `The callback URL failed the handshake: ${result.detail}`, { ...result });
  simulator.set({ callback: { url, verifyToken } });
  return ok({ success: true, challenge, durationMs: result.durationMs });
}
