/**
 * A login takes two steps, to Meta and back, and at Facebook a third, the choice of Pages. Each is handed a secret that
 * only the browser that began it can bring back, once, within ten minutes. Secret and browser are stored as hashes.
 */
import type { Result } from "../../core/result.ts";
import type { Login } from "../../meta/graph/request.ts";
import type { ConnectStep } from "../directory/contract.ts";
import { log } from "../log.ts";
import { objectsOf } from "../objects.ts";
import { browserSecretOf, hashOf, isSecret, STEP_MS } from "./login-secrets.ts";
import type { ConnectContext } from "./connect-context.ts";
import { guarded } from "./flow.ts";
import { inviteUrl } from "./invite-link.ts";
import type { ConnectFailure } from "./login-result.ts";

type NewStep = Omit<ConnectStep, "expiresAt">;

/** Keeps the step for ten minutes (`STEP_MS`) from now. An error: the Directory could not be reached. */
export async function keepStep(c: ConnectContext, step: NewStep): Promise<Result<void, ConnectFailure>> {
  const expiresAt = Date.now() + STEP_MS;
  return await guarded(log, () =>
    objectsOf(c.env).directory((directory) => directory.beginStep({ ...step, expiresAt })),
  );
}

/** The step that this browser began and has not used yet; null: there is none. */
export async function takeStep(
  c: ConnectContext,
  secret: string | undefined,
  kind: ConnectStep["step"],
): Promise<ConnectStep | null | "unavailable"> {
  const browser = browserSecretOf(c, c.get("origin"));
  if (!isSecret(secret) || browser === null) return null;
  const [hash, browserHash] = [await hashOf(secret), await hashOf(browser)];
  const taken = await guarded(log, () =>
    objectsOf(c.env).directory((directory) => directory.takeStep(hash, browserHash)),
  );
  if (!taken.ok) return "unavailable";
  return taken.value?.step === kind ? taken.value : null;
}

/** Where this login can be begun again: the same invite, or our own page. */
export async function startAddress(c: ConnectContext, login: Login, inviteId: string | null): Promise<string> {
  if (inviteId === null) return `/connect/${login}`;
  const invite = await guarded(log, () => objectsOf(c.env).directory((directory) => directory.invite(inviteId)));
  if (!invite.ok || invite.value === null) return `/connect/${login}`;
  return inviteUrl(c.get("origin"), inviteId);
}
