import { err, ok, type Result } from "../../core/result.ts";
import { describe } from "../log.ts";
import type { SubscribedApp, SubscribedAppsError, SubscribedAppsRequest } from "./contract.ts";
import type { AccountPorts } from "./ports.ts";
import { getToken } from "./tables/credentials.ts";
import { getValue } from "./tables/settings.ts";

/** Graph `subscribed_apps` with the account's own token, which does not leave the object for it. */
export async function subscribedApps(
  ports: AccountPorts,
  accountId: string,
  request: SubscribedAppsRequest,
): Promise<Result<{ apps: SubscribedApp[] }, SubscribedAppsError>> {
  const profile = getValue(ports.sql, "profile");
  const sealed = getToken(ports.sql);
  const token = sealed === null ? null : await ports.vault.open(accountId, sealed);
  if (profile === null || token === null) return err({ reason: "not_connected" });
  try {
    const answer = await ports.subscriptions(profile, token, request);
    if (answer.ok) return ok({ apps: answer.value.map(({ appId, fields }) => ({ appId, name: null, fields })) });
    const { code } = answer.error;
    if (answer.error.reason === "unavailable")
      return err({ reason: "unreachable", message: `No usable answer (${code}).` });
    return err({ reason: "refused", code, message: `Meta's answer is an error (${answer.error.reason}).` });
  } catch (error) {
    ports.log("sender_unreachable", { accountId, error: describe(error) });
    return err({ reason: "unreachable", message: "The request could not be made." });
  }
}
