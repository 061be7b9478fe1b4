/** `/<account id>/subscribed_apps`: which fields of an account the app receives (documentation: Setup Webhooks Subscriptions). */
import { errorResponse, success, textParam } from "./graph-call.ts";
import type { GraphResponse, GraphCall, GraphContext } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS } from "./graph-error.ts";
import type { Account } from "./graph-state.ts";

/** `edgeIsPage`: the call went to a Page's id, whether or not an Instagram account is meant by it. */
export function subscribedApps(
  call: GraphCall,
  account: Account,
  edgeIsPage: boolean,
  context: GraphContext,
): GraphResponse {
  const { state, app, random } = context;
  switch (call.method) {
    case "GET": {
      const id = account.login === "instagram" ? app.instagramAppId : app.appId;
      const data =
        account.webhooks === "active"
          ? [{ id, name: "Replyline (simulated)", subscribed_fields: account.subscribedFields }]
          : [];
      return success({ data });
    }
    case "POST": {
      const fields = (textParam(call, "subscribed_fields") ?? "")
        .split(",")
        .map((name) => name.trim())
        .filter(Boolean);
      if (fields.length === 0)
        return errorResponse(badParameter("The parameter subscribed_fields is required"), random);
      const known: readonly string[] = edgeIsPage ? PAGE_FIELDS : INSTAGRAM_FIELDS;
      const wrong = fields.find((name) => !known.includes(name));
      if (wrong !== undefined) {
        return errorResponse(
          badParameter(`Param subscribed_fields[0] must be one of {${known.join(", ")}} - got "${wrong}"`),
          random,
        );
      }
      state.accounts.put(account.id, { ...account, subscribedFields: fields, webhooks: "active" });
      return success({ success: true });
    }
    case "DELETE":
      state.accounts.put(account.id, { ...account, subscribedFields: [], webhooks: "never" });
      return success({ success: true });
    default:
      return errorResponse(GRAPH_ERRORS.method, random);
  }
}
