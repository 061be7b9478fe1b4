import { isCrossSiteChange } from "../auth/cross-site.ts";
import { readForm } from "../form.ts";
import { browserSecretOf } from "./login-secrets.ts";
import { type ConnectContext, flowPorts, tokenEncryptionOf } from "./connect-context.ts";
import { refuseState } from "./access.tsx";
import { facebookCandidates, type FacebookGrant } from "./flow.ts";
import { startAddress, takeStep } from "./login-steps.ts";
import { store } from "./store-accounts.tsx";
import { failed } from "./responses.tsx";

/** Accounts that one form may connect: each takes some six requests of the fifty or thousand that an invocation has. */
const MAX_CHOSEN = 50;
/** A form with fifty Pages is a few kilobytes. */
const MAX_FORM_BYTES = 65_536;

/** The person has chosen Pages and Instagram accounts. */
export async function connectChosen(c: ConnectContext): Promise<Response> {
  // Nothing is read for a browser that has no login under way.
  if (isCrossSiteChange(c.req.raw) || browserSecretOf(c, c.get("origin")) === null) return await refuseState(c);
  const form = await readForm(c.req.raw, MAX_FORM_BYTES);
  const next = form?.get("step");
  const step = await takeStep(c, typeof next === "string" ? next : undefined, "choose");
  if (step === null || form === null) return await refuseState(c);
  if (step === "unavailable") return failed({ reason: "unavailable" }, null, true);
  const { inviteId, login } = step;
  const guest = inviteId !== null;
  const again = await startAddress(c, login, inviteId);
  const opened = step.sealed === null ? null : await tokenEncryptionOf(c).open(`connect ${step.hash}`, step.sealed);
  if (opened === null) return failed({ reason: "state" }, again, guest);
  const grant = JSON.parse(opened) as FacebookGrant;

  const chosen = form.getAll("target").filter((value) => typeof value === "string");
  if (chosen.length === 0) return failed({ reason: "nothing_chosen" }, again, guest);
  const ports = flowPorts(c);
  const pages = await ports.oauth.facebookPages(grant.userToken);
  if (!pages.ok) return failed({ reason: "meta_unavailable", code: pages.error.code }, again, guest);
  const candidates = facebookCandidates(pages.value, grant, Date.now());
  // Only what Meta has just listed can be connected, whatever the form says.
  const wanted = [...new Set(chosen)].flatMap((value) => candidates.get(value) ?? []).slice(0, MAX_CHOSEN);
  if (wanted.length === 0) return failed({ reason: "nothing_chosen" }, again, guest);
  return await store(ports, wanted, { inviteId, again });
}
