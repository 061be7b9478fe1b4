import type { Login } from "../../meta/graph/request.ts";
import { log } from "../log.ts";
import { failed, page } from "./responses.tsx";
import { type ConnectContext, flowPorts, tokenEncryptionOf } from "./connect-context.ts";
import { refuseState } from "./access.tsx";
import { facebookGrant, instagramCandidate } from "./flow.ts";
import type { ConnectFailure } from "./login-result.ts";
import { ChoosePage } from "./pages/choose.tsx";
import { hashOf, randomSecret } from "./login-secrets.ts";
import { keepStep, startAddress, takeStep } from "./login-steps.ts";
import { store } from "./store-accounts.tsx";

const MAX_CODE_CHARS = 4_096;

/** The browser is back from Meta: an Instagram account is connected at once, Pages are shown to choose from. */
export async function callback(c: ConnectContext, login: Login): Promise<Response> {
  const step = await takeStep(c, c.req.query("state"), "login");
  if (step === "unavailable") return failed({ reason: "unavailable" }, null, true);
  if (step === null || step.login !== login) return await refuseState(c);
  const { inviteId, redirectUri, browser } = step;
  const guest = inviteId !== null;
  const again = await startAddress(c, login, inviteId);
  const refused = (failure: ConnectFailure): Response => {
    log("connect_failed", { code: "code" in failure ? failure.code : failure.reason, route: `/connect/${login}` });
    return failed(failure, again, guest);
  };

  if (c.req.query("error") !== undefined || c.req.query("error_code") !== undefined) {
    const denied = c.req.query("error") === "access_denied" || c.req.query("error_reason") === "user_denied";
    return refused(denied ? { reason: "denied" } : { reason: "login_failed", code: errorCode(c) });
  }
  // Meta puts `#_` behind the address; browsers keep that to themselves, programs may not.
  const code = (c.req.query("code") ?? "").replace(/#_$/, "");
  if (code === "" || code.length > MAX_CODE_CHARS) return refused({ reason: "code_refused", code: "no_code" });

  const ports = flowPorts(c);
  if (login === "instagram") {
    const candidate = await instagramCandidate(ports, code, redirectUri);
    return candidate.ok ? await store(ports, [candidate.value], { inviteId, again }) : refused(candidate.error);
  }
  const granted = await facebookGrant(ports, code, redirectUri);
  if (!granted.ok) return refused(granted.error);
  const next = randomSecret();
  const hash = await hashOf(next);
  const sealed = await tokenEncryptionOf(c).seal(`connect ${hash}`, JSON.stringify(granted.value.grant));
  const kept = await keepStep(c, { hash, browser, step: "choose", login, redirectUri, inviteId, sealed });
  return kept.ok ? page(<ChoosePage step={next} pages={granted.value.pages} />) : refused(kept.error);
}

const errorCode = (c: ConnectContext): string =>
  (c.req.query("error_code") ?? c.req.query("error") ?? "error").replaceAll(/[^\w-]/g, "").slice(0, 40);
