/**
 * Comments that Meta never delivered: where the owner has switched it on, the newest comments of recent posts are read
 * and taken in like a webhook's, under the same identity, so nothing is answered twice.
 *
 * A round is cut into single reads, one a ring of the alarm, so that no reply has to wait for it and Meta's limits are
 * not felt: ten posts take half a minute.
 */
import type { MetaEvent } from "../../core/event.ts";
import type { Settings } from "../../core/settings.ts";
import type { GraphProblem } from "../../meta/graph/answer.ts";
import { describe } from "../log.ts";
import type { Profile } from "./contract/connection.ts";
import { ingest } from "./ingest.ts";
import type { AccountPorts } from "./ports.ts";
import { missedEvents } from "./missed-comments.ts";
import { hasEvent } from "./tables/events.ts";
import { getSettings, getValue, setValue } from "./tables/settings.ts";
import { openToken } from "./token.ts";

/** Posts looked at in a round, the newest first. */
const MEDIA = 10;
/** Comments a read, and how far back one post is read in a round. */
const COMMENTS = 50;
/** Between two reads. */
const BETWEEN_READS_MS = 3_000;
/** A comment this young may still be on its way by webhook; the next round sees it. */
const SETTLE_MS = 120_000;
/** After a read that failed. */
const AFTER_FAILURE_MS = 300_000;

/** Called when settings are saved: only comments from now on count, or a new account would answer last week's. */
export function prepareReconciler(ports: AccountPorts, settings: Settings): void {
  const known = getValue(ports.sql, "reconcile");
  if (!settings.reconcile.enabled) setValue(ports.sql, "reconcile", null);
  else if (known === null) setValue(ports.sql, "reconcile", { since: ports.now(), media: [], after: null });
}

/** One read, if it is time for one. */
export async function reconcile(ports: AccountPorts, accountId: string): Promise<void> {
  const now = ports.now();
  const settings = getSettings(ports.sql, ports.config.deferSeconds).reconcile;
  const round = getValue(ports.sql, "reconcile");
  const chores = getValue(ports.sql, "chores");
  if (!settings.enabled || round === null || chores === null || now < chores.reconcileAt) return;
  const next = (delayMs: number): void => {
    const latest = getValue(ports.sql, "chores") ?? chores;
    setValue(ports.sql, "chores", { ...latest, reconcileAt: ports.now() + delayMs });
  };
  // Its next time comes first: a read that hangs or throws must not come round without a pause.
  next(AFTER_FAILURE_MS);
  const profile = getValue(ports.sql, "profile");
  const opened = await openToken(ports, accountId);
  if (profile === null || opened.kind !== "token" || getValue(ports.sql, "hold") !== null) return;
  try {
    const failed = await read(ports, accountId, profile, opened.token, round.media[0] ?? null);
    if (failed !== null) {
      ports.log("reconciler_failed", { accountId, code: failed.code });
      next(failed.reason === "throttled" ? (failed.waitMs ?? AFTER_FAILURE_MS) : AFTER_FAILURE_MS);
      return;
    }
  } catch (error) {
    ports.log("reconciler_failed", { accountId, error: describe(error) });
    return;
  }
  const left = getValue(ports.sql, "reconcile")?.media.length ?? 0;
  next(left > 0 ? BETWEEN_READS_MS : settings.everyMinutes * 60_000);
}

/** Reads the list of posts when a round begins, otherwise one page of the comments of one post. */
async function read(
  ports: AccountPorts,
  accountId: string,
  profile: Profile,
  token: string,
  mediaId: string | null,
): Promise<GraphProblem | null> {
  const round = getValue(ports.sql, "reconcile");
  if (round === null) return null;
  if (mediaId === null) {
    const media = await ports.recentMedia(profile, token, MEDIA);
    if (!media.ok) return media.error;
    const ids = media.value.filter(({ commentCount }) => commentCount !== 0).map(({ id }) => id);
    setValue(ports.sql, "reconcile", { ...round, media: ids, after: null });
    return null;
  }
  const page = await ports.mediaComments(profile, token, mediaId, COMMENTS, round.after);
  if (!page.ok) {
    // A post that was deleted meanwhile must not hold the others up.
    if (page.error.reason !== "not_found") return page.error;
    setValue(ports.sql, "reconcile", { ...round, media: round.media.slice(1), after: null });
    return null;
  }
  const { comments, after } = page.value;
  const wanted = { accountId, platform: profile.platform, mediaId, since: round.since };
  const events = missedEvents(comments, wanted, ports.now(), ports.now() - SETTLE_MS);
  take(ports, accountId, events);
  // Newest first: once a page reaches back before `since`, the rest of the post is older still.
  const done = after === null || comments.some(({ createdAt }) => createdAt !== null && createdAt < round.since);
  setValue(ports.sql, "reconcile", {
    ...round,
    media: done ? round.media.slice(1) : round.media,
    after: done ? null : after,
  });
  return null;
}

function take(ports: AccountPorts, accountId: string, events: readonly MetaEvent[]): void {
  const missing = events.filter(({ id }) => !hasEvent(ports.sql, id));
  if (missing.length === 0) return;
  ingest(ports, accountId, missing);
  ports.log("reconciler_read", { accountId, count: missing.length });
}
