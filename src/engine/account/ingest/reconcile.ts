/**
 * Finds comments that Meta never delivered. If the owner has enabled it, the newest comments of recent posts are read
 * and ingested like webhook events, with the same identity, so nothing is answered twice.
 *
 * A round consists of single reads, one for each alarm, so that no reply waits for it and Meta's limits are not
 * reached: ten posts take half a minute. A round reads back to the start of the previous round plus an overlap, so it
 * only handles the comments since then.
 */
import type { MetaEvent } from "../../../core/event.ts";
import type { Settings } from "../../../core/settings.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import { PRIVATE_REPLY_WINDOW_MS } from "../../../meta/limits.ts";
import { describe } from "../../log.ts";
import type { Profile } from "../../../api/account.ts";
import { ingest } from "./ingest.ts";
import type { AccountPorts } from "../ports.ts";
import { hasEvent } from "../tables/events.ts";
import { getSettings, getValue, setValue, type SettingValues } from "../tables/settings.ts";
import { openToken } from "../connection/token.ts";
import type { GraphComment } from "../../../meta/graph/reading.ts";
import { readDelivery } from "../../../meta/reader/delivery.ts";
import type { Platform } from "../../../meta/graph/request.ts";

/** Posts read in a round, the newest first. */
const MEDIA = 10;
/** Comments per read. */
const COMMENTS = 50;
/** How far a round reads back before the start of the previous round. This finds comments that Meta showed late. */
const OVERLAP_MS = 3_600_000;
/** Pause between two reads. */
const BETWEEN_READS_MS = 3_000;
/** A younger comment may still arrive by webhook. The next round reads it. */
const SETTLE_MS = 120_000;
/** Pause after a failed read. */
const AFTER_FAILURE_MS = 300_000;

/**
 * Called when settings are saved. Only comments from now on count; otherwise a new account would answer old comments.
 */
export function prepareReconciler(ports: AccountPorts, settings: Settings): void {
  const known = getValue(ports.sql, "reconcile");
  if (!settings.reconcile.enabled) setValue(ports.sql, "reconcile", null);
  else if (known === null) setValue(ports.sql, "reconcile", newRound(ports.now()));
}

const newRound = (since: number): SettingValues["reconcile"] => ({ since, media: [], after: null });

/** Makes one read if it is due. */
export async function reconcile(ports: AccountPorts, accountId: string): Promise<void> {
  const now = ports.now();
  const settings = getSettings(ports.sql, ports.config.deferSeconds).reconcile;
  const chores = getValue(ports.sql, "chores");
  if (!settings.enabled || chores === null || now < chores.reconcileAt) return;
  const next = (delayMs: number): void => {
    const latest = getValue(ports.sql, "chores") ?? chores;
    setValue(ports.sql, "chores", { ...latest, reconcileAt: ports.now() + delayMs });
  };
  // The next read is scheduled first, so that a read that hangs or throws is not repeated without a pause.
  next(AFTER_FAILURE_MS);
  // An erasure keeps the setting and deletes the reading position.
  if (getValue(ports.sql, "reconcile") === null) setValue(ports.sql, "reconcile", newRound(now));
  const profile = getValue(ports.sql, "profile");
  const opened = await openToken(ports, accountId);
  if (profile === null || opened.kind !== "token" || getValue(ports.sql, "hold") !== null) return;
  try {
    const failed = await read(ports, accountId, profile, opened.token);
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

/** Reads the list of posts at the start of a round. Otherwise reads one page of the comments of one post. */
async function read(
  ports: AccountPorts,
  accountId: string,
  profile: Profile,
  token: string,
): Promise<GraphProblem | null> {
  const round = getValue(ports.sql, "reconcile");
  if (round === null) return null;
  const [mediaId] = round.media;
  if (mediaId === undefined) {
    const begunAt = ports.now();
    const media = await ports.graph.recentMedia(profile, token, MEDIA);
    if (!media.ok) return media.error;
    const ids = media.value.filter(({ commentCount }) => commentCount !== 0).map(({ id }) => id);
    setValue(ports.sql, "reconcile", { ...round, media: ids, after: null, begunAt });
    return null;
  }
  const page = await ports.graph.mediaComments(profile, token, mediaId, COMMENTS, round.after);
  if (!page.ok) {
    // A post that was deleted since then must not block the others.
    if (page.error.reason !== "not_found") return page.error;
    setValue(ports.sql, "reconcile", postDone(round));
    return null;
  }
  const { comments, after } = page.value;
  const since = lookBackTo(round, ports.now());
  const wanted = { accountId, platform: profile.platform, mediaId, since };
  const events = missedEvents(comments, wanted, ports.now(), ports.now() - SETTLE_MS);
  take(ports, accountId, events);
  // Newest first: if a page reaches back before `since`, the rest of the post is older.
  const done = after === null || comments.some(({ createdAt }) => createdAt !== null && createdAt < since);
  setValue(ports.sql, "reconcile", done ? postDone(round) : { ...round, after });
  return null;
}

/** Comments older than the private reply window are ignored: they cannot be answered, and may already be pruned. */
function lookBackTo({ since, readAt }: SettingValues["reconcile"], now: number): number {
  return Math.max(since, (readAt ?? since) - OVERLAP_MS, now - PRIVATE_REPLY_WINDOW_MS);
}

/** Removes the post that was read from the round. After the last post, the round is complete. */
function postDone(round: SettingValues["reconcile"]): SettingValues["reconcile"] {
  const media = round.media.slice(1);
  return { ...round, media, after: null, readAt: media.length === 0 ? round.begunAt : round.readAt };
}

function take(ports: AccountPorts, accountId: string, events: readonly MetaEvent[]): void {
  const missing = events.filter(({ id }) => !hasEvent(ports.sql, id));
  if (missing.length === 0) return;
  ingest(ports, accountId, missing);
  ports.log("reconciler_read", { accountId, count: missing.length });
}

/**
 * Stored as the delivery id and as the name of the secret: these comments come from Meta's API, not from a webhook. The
 * index `events_by_webhook` contains this word.
 */
const RECONCILER = "reconciler";

export interface Wanted {
  accountId: string;
  platform: Platform;
  mediaId: string;
  /** Older comments are ignored. ms since the epoch. */
  since: number;
}

/** @param until comments after this time are left for the next round */
export function missedEvents(
  comments: readonly GraphComment[],
  wanted: Wanted,
  now: number,
  until: number,
): MetaEvent[] {
  return comments
    .filter(({ createdAt }) => createdAt !== null && createdAt >= wanted.since && createdAt <= until)
    .flatMap((comment) => {
      const body = JSON.stringify(deliveryOf(comment, wanted));
      const proof = { secret: RECONCILER, form: "raw" as const };
      return readDelivery(body, { receivedAt: now, deliveryId: RECONCILER, proof }).events;
    });
}

function deliveryOf(comment: GraphComment, { accountId, platform, mediaId }: Wanted): unknown {
  const seconds = Math.floor((comment.createdAt ?? 0) / 1_000);
  const change = platform === "instagram" ? instagramChange(comment, mediaId) : pageChange(comment, mediaId, seconds);
  return { object: platform, entry: [{ id: accountId, time: seconds, changes: [change] }] };
}

function instagramChange(
  { id, text, authorId, username, parentId, mediaType }: GraphComment,
  mediaId: string,
): unknown {
  const parent = parentId === null ? {} : { parent_id: parentId };
  const value = {
    id,
    text: text ?? "",
    from: { id: authorId, username },
    media: { id: mediaId, media_product_type: mediaType ?? undefined },
    ...parent,
  };
  return { field: "comments", value };
}

function pageChange(
  { id, text, authorId, username, parentId }: GraphComment,
  postId: string,
  createdSeconds: number,
): unknown {
  const value = {
    item: "comment",
    verb: "add",
    comment_id: id,
    post_id: postId,
    parent_id: parentId ?? postId,
    created_time: createdSeconds,
    message: text ?? "",
    from: { id: authorId, name: username },
  };
  return { field: "feed", value };
}
