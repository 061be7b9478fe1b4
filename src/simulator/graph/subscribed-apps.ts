/** `/<account id>/subscribed_apps`: which fields of an account the app receives (documentation: Setup Webhooks Subscriptions). */
import { fieldNames, isOtherPageField } from "../../meta/fields.ts";
import {
  errorResponse,
  success,
  textParam,
  type GraphResponse,
  type GraphCall,
  type GraphContext,
} from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS } from "./graph-error.ts";
import type { Account } from "./graph-state.ts";

/** `edgeIsPage`: the path has the id of a Page, also if an Instagram account is meant. */
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
      const known = fieldNames(edgeIsPage ? "page" : "instagram");
      // The Page edge refuses Instagram's own names (`messaging_seen`, `message_edit`).
      const wrong = fields.find((name) => !known.includes(name) && !(edgeIsPage && isOtherPageField(name)));
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
