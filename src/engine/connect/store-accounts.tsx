import { log } from "../log.ts";
import { failed, page } from "./responses.tsx";
import { type Candidate, connectAccount, type FlowPorts, guarded } from "./flow.ts";
import type { ConnectedAccount } from "./login-result.ts";
import { type Lost, ResultPage } from "./pages/result.tsx";

/** Accounts that are connected at a time. */
const ABREAST = 3;

/**
 * Stores the accounts, and says what came of it. An invite is used up here, and not before: a preview robot or a
 * cancelled login costs nothing.
 */
export async function store(
  ports: FlowPorts,
  candidates: readonly Candidate[],
  { inviteId, again }: { inviteId: string | null; again: string },
): Promise<Response> {
  const { objects } = ports;
  if (inviteId !== null) {
    const claimed = await guarded(log, () => objects.directory((directory) => directory.claimInvite(inviteId)));
    if (!claimed.ok) return failed(claimed.error, again, true);
    if (!claimed.value) return failed({ reason: "invite_gone" }, null, true);
  }
  const accounts: ConnectedAccount[] = [];
  const lost: Lost[] = [];
  // A Page and the Instagram account behind it share one subscription, so one waits for the other.
  const waiting = [...Map.groupBy(candidates, ({ id, connection }) => connection.sendAs ?? id).values()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      for (const candidate of next) {
        const done = await guarded(log, () => connectAccount(ports, candidate));
        if (done.ok) accounts.push(done.value);
        else lost.push({ name: candidate.connection.username ?? candidate.id });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(ABREAST, waiting.length) }, worker));
  if (inviteId !== null) {
    const ids = accounts.map(({ id }) => id);
    await guarded(log, () => objects.directory((directory) => directory.settleInvite(inviteId, ids)));
  }
  if (accounts.length === 0) return failed({ reason: "unavailable" }, again, inviteId !== null);
  return page(<ResultPage accounts={accounts} lost={lost} again={again} guest={inviteId !== null} />);
}
