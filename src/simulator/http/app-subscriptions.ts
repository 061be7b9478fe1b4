/** The app's own calls to the Graph API: its callback URL. */
import { handshake } from "../delivery/callback-handshake.ts";
import {
  success,
  errorResponse,
  textParam,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
} from "../graph/graph-call.ts";
import { badParameter, GRAPH_ERRORS } from "../graph/graph-error.ts";
import { isAppToken } from "../graph/token-endpoints.ts";
import type { Simulator } from "../simulator.ts";

export const isSubscriptions = (call: GraphCall, { app }: GraphContext): boolean =>
  call.path[1] === "subscriptions" && (call.path[0] === app.appId || call.path[0] === app.instagramAppId);

/** `/<app id>/subscriptions`: the callback URL, which must pass the handshake first (documentation: App Subscriptions). */
export async function appSubscriptions(
  simulator: Simulator,
  call: GraphCall,
  context: GraphContext,
): Promise<GraphResponse> {
  const { host } = simulator;
  if (!isAppToken(call.token, context)) return errorResponse(GRAPH_ERRORS.tokenUnreadable, host.random);
  const { callback } = simulator.settings;
  switch (call.method) {
    case "GET": {
      const one = (object: string): object => ({ object, callback_url: callback?.url, active: true, fields: [] });
      return success({ data: callback === null ? [] : [one("instagram"), one("page")] });
    }
    case "POST": {
      const url = textParam(call, "callback_url");
      const verifyToken = textParam(call, "verify_token");
      if (url === null || !URL.canParse(url) || verifyToken === null) {
        return errorResponse(badParameter("callback_url and verify_token are required"), host.random);
      }
      const challenge = String(Math.floor(host.random() * 2 ** 31));
      const result = await handshake(url, verifyToken, challenge, host);
      if (!result.ok) {
        const problem = `(#2200) Callback verification failed with the following errors: ${result.detail}`;
        return errorResponse({ ...badParameter(problem), code: 2200, message: problem }, host.random);
      }
      simulator.set({ callback: { url, verifyToken } });
      return success({ success: true });
    }
    case "DELETE":
      simulator.set({ callback: null });
      return success({ success: true });
    default:
      return errorResponse(GRAPH_ERRORS.method, host.random);
  }
}
