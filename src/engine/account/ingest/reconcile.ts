/**
 * Finds comments and messages that Meta never delivered. The newest comments of recent posts and the newest messages of
 * recent conversations are read and ingested like webhook events, with the same identity, so nothing is answered twice.
 *
 * A round consists of single reads, one for each alarm, so that no reply waits for it and Meta's limits are not
 * reached: ten posts take half a minute. A round reads back to the start of the previous round plus an overlap, so it
 * only handles what came since then. A read that Meta refuses is left out until the account is connected again. The
 * reconciler never holds the account.
 */
import { RATE_LIMITS } from "../../../core/reply/reply.ts";
import type { Settings } from "../../../core/settings.ts";
import { MINUTE_MS } from "../../../core/time.ts";
import { describe } from "../../log.ts";
import { sendStatus } from "../alarm.ts";
import type { AccountPorts } from "../ports.ts";
import { readRateLimit } from "../tables/rate-limits.ts";
import { getValue, setValue } from "../tables/settings.ts";
import { openToken } from "../connection/token.ts";
import { isComplete, readNext, Reads, type Round } from "./reconciler-reads.ts";

/** Pause between two reads. */
const BETWEEN_READS_MS = 3_000;
/** Pause after a failed read. */
const AFTER_FAILURE_MS = 5 * MINUTE_MS;

const newRound = (since: number): Round => ({ since, media: [], after: null });

/**
 * Called when settings are saved, inside their transaction. Only what comes from now on counts; otherwise a new account
 * would answer old comments. A changed setting takes effect at once.
 */
export function prepareReconciler(ports: AccountPorts, before: Settings, settings: Settings): void {
  const { enabled, everyMinutes } = settings.reconcile;
  if (!enabled) {
    setValue(ports.sql, "reconcile", null);
    return;
  }
  if (getValue(ports.sql, "profile") === null) return;
  if (getValue(ports.sql, "reconcile") === null) setValue(ports.sql, "reconcile", newRound(ports.now()));
  const changed = !before.reconcile.enabled || before.reconcile.everyMinutes !== everyMinutes;
  if (changed) scheduleRead(ports, ports.now());
}

/** Called when the account is connected, inside the transaction. Reads that Meta refused are tried again. */
export function connectReconciler(ports: AccountPorts): void {
  const { reconcile: settings } = sendStatus(ports, ports.now()).settings;
  if (!settings.enabled) return;
  const known = getValue(ports.sql, "reconcile");
  setValue(ports.sql, "reconcile", known === null ? newRound(ports.now()) : { ...known, refused: undefined });
  if (known === null) scheduleRead(ports, ports.now() + settings.everyMinutes * MINUTE_MS);
}

function scheduleRead(ports: AccountPorts, at: number): void {
  const chores = getValue(ports.sql, "chores");
  if (chores !== null) setValue(ports.sql, "chores", { ...chores, reconcileAt: at });
}

/** Makes one read if it is due. */
export async function reconcile(ports: AccountPorts, accountId: string): Promise<void> {
  const now = ports.now();
  const { settings, hold } = sendStatus(ports, now);
  const { enabled, everyMinutes } = settings.reconcile;
  const chores = getValue(ports.sql, "chores");
  const profile = getValue(ports.sql, "profile");
  if (!enabled || chores === null || now < chores.reconcileAt || profile === null || hold !== null) return;
  const next = (delayMs: number): void => scheduleRead(ports, ports.now() + delayMs);
  // The next read is scheduled first, so that a read that hangs or throws is not repeated without a pause.
  next(AFTER_FAILURE_MS);
  const closedUntil = Math.max(...RATE_LIMITS.map((rateLimit) => readRateLimit(ports.sql, rateLimit).closedUntil));
  if (closedUntil > now) {
    next(closedUntil - now);
    return;
  }
  // An erasure keeps the setting and deletes the reading position.
  if (getValue(ports.sql, "reconcile") === null) setValue(ports.sql, "reconcile", newRound(now));
  const opened = await openToken(ports, accountId);
  if (opened.kind !== "token") return;
  try {
    const failed = await readNext(new Reads(ports, accountId, profile, opened.token));
    if (failed !== null) {
      ports.log("reconciler_failed", { accountId, code: failed.code });
      next(failed.reason === "throttled" ? (failed.waitMs ?? AFTER_FAILURE_MS) : AFTER_FAILURE_MS);
      return;
    }
  } catch (error) {
    ports.log("reconciler_failed", { accountId, error: describe(error) });
    return;
  }
  const round = getValue(ports.sql, "reconcile");
  const complete = round === null || isComplete(round);
  next(complete ? everyMinutes * MINUTE_MS : BETWEEN_READS_MS);
}
