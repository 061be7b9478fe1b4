import { err, ok, type Result } from "../../../core/result.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import { describe } from "../../log.ts";
import { armAlarm } from "../alarm.ts";
import type { Profile } from "../../../api/account.ts";
import type { SubscribedApp } from "../../../api/subscription.ts";
import type { SubscribedAppsError, SubscribedAppsRequest } from "../contract.ts";
import type { AccountPorts } from "../ports.ts";
import { ownFields, wantFields, wantRefusedFields } from "./subscription-repair.ts";
import { getValue } from "../tables/settings.ts";
import { openToken } from "./token.ts";

/** Calls Graph `subscribed_apps` with the account's own token. The token does not leave the object. */
export async function subscribedApps(
  ports: AccountPorts,
  accountId: string,
  request: SubscribedAppsRequest,
): Promise<Result<{ apps: SubscribedApp[] }, SubscribedAppsError>> {
  const profile = getValue(ports.sql, "profile");
  const opened = await openToken(ports, accountId);
  if (profile === null || opened.kind !== "token") return err({ reason: "not_connected" });
  const { token } = opened;
  try {
    const asked = await withPresent(ports, profile, token, request);
    const answer = asked.ok ? await ports.graph.subscriptions(profile, token, asked.value) : asked;
    if (request.method === "POST") {
      if (answer.ok) wantFields(ports, request.fields);
      else if (request.keepTrying === true) wantRefusedFields(ports, request.fields, answer.error);
    }
    if (answer.ok && request.method === "DELETE") wantFields(ports, null);
    if (request.method !== "GET") armAlarm(ports);
    if (answer.ok) return ok({ apps: answer.value.map(({ appId, fields }) => ({ appId, name: null, fields })) });
    const { reason: problem, code } = answer.error;
    if (problem === "unavailable")
      return err({ reason: "unreachable", message: `Meta returned no usable response (${code}).` });
    return err({ reason: "refused", problem, code, message: `Meta returned an error (${problem}).` });
  } catch (error) {
    if (request.method === "POST" && request.keepTrying === true) {
      wantRefusedFields(ports, request.fields, { reason: "unavailable", code: "unreachable" });
      armAlarm(ports);
    }
    ports.log("sender_unreachable", { accountId, error: describe(error) });
    return err({ reason: "unreachable", message: "The request to Meta failed." });
  }
}

/** Adds the present fields where they must stay: a Page and its Instagram account share one list. */
async function withPresent(
  ports: AccountPorts,
  profile: Profile,
  token: string,
  request: SubscribedAppsRequest,
): Promise<Result<SubscribedAppsRequest, GraphProblem>> {
  if (request.method !== "POST") return ok(request);
  // An Instagram account with Facebook Login uses the Page's list. The fields that the Page already has must stay.
  const shared = profile.platform === "instagram" && profile.login === "facebook";
  if (request.add !== true && !shared) return ok({ method: "POST", fields: request.fields });
  const present = await ports.graph.subscriptions(profile, token, { method: "GET" });
  if (!present.ok) return present;
  const fields = [...new Set([...ownFields(ports, present.value, false), ...request.fields])];
  return ok({ method: "POST", fields });
}
