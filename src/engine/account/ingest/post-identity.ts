/**
 * Which post a comment on Instagram belongs to. A comment on a picture inside an album names that picture, which the
 * account's own list of posts does not contain, so an automation for the album would never answer. The Graph API's
 * `media` of the comment is the album. It is read once for each such picture, after the comment was stored; then the
 * comment is decided again.
 */
import type { Automation } from "../../../core/automation/automation.ts";
import { missesByMedia } from "../../../core/automation/decide.ts";
import type { MetaEvent } from "../../../core/event.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import { DAY_MS, MINUTE_MS } from "../../../core/time.ts";
import { describe } from "../../log.ts";
import { openToken } from "../connection/token.ts";
import type { Sql } from "../../storage/sql.ts";
import type { AccountPorts } from "../ports.ts";
import { findEvent } from "../tables/events.ts";
import { getValue, setValue, type SettingValues } from "../tables/settings.ts";

/** Posts that are remembered, the newest. */
const MAX_POSTS = 200;
/** Comments that wait for a read. The rest of a rush can be replayed by hand. */
const MAX_WAITING = 100;
/** Pause between two reads, as for the reconciler. */
const BETWEEN_READS_MS = 3_000;
/** Pause after a failed read. */
const AFTER_FAILURE_MS = 5 * MINUTE_MS;
/** A comment that could not be read for so long is given up: its picture stays a post of its own. */
const GIVE_UP_MS = DAY_MS;

const NONE: SettingValues["posts"] = { known: [], waiting: [], nextReadAt: 0 };

/** The subject with the id of its post, if that is known to differ from the one in the event. */
export function withPost(ports: AccountPorts, subject: Subject, automations: readonly Automation[]): Subject {
  if (subject.commentId === null || subject.mediaId === null) return subject;
  // Most accounts select no posts; their comments need no lookup.
  if (automations.every(({ trigger }) => trigger.mediaIds.length === 0)) return subject;
  const known = getValue(ports.sql, "posts")?.known.find(({ mediaId }) => mediaId === subject.mediaId);
  if (known === undefined) return subject;
  return { ...subject, mediaIds: [...subject.mediaIds, known.postId] };
}

/** Remembers a comment that only its post keeps from an answer, so that Meta is asked which post it is. */
export function askForPost(
  ports: AccountPorts,
  event: MetaEvent,
  subject: Subject,
  automations: readonly Automation[],
): void {
  const { mediaId, commentId } = subject;
  if (event.object !== "instagram" || event.test || mediaId === null || commentId === null) return;
  if (!missesByMedia(subject, automations)) return;
  const posts = getValue(ports.sql, "posts") ?? NONE;
  if (posts.known.some((post) => post.mediaId === mediaId)) return;
  if (posts.waiting.length >= MAX_WAITING) return;
  const question = { eventId: event.id, mediaId, commentId, since: ports.now() };
  setValue(ports.sql, "posts", { ...posts, waiting: [...posts.waiting, question] });
}

/** When the next post is read; null when none is to be read. */
export function nextPostReadAt(sql: Sql): number | null {
  const posts = getValue(sql, "posts");
  return posts === null || posts.waiting.length === 0 ? null : posts.nextReadAt;
}

/** Reads one post if that is due, and decides its comments again with `decideAgain`, inside a transaction. */
export async function readPost(
  ports: AccountPorts,
  accountId: string,
  decideAgain: (event: MetaEvent) => void,
): Promise<void> {
  const before = getValue(ports.sql, "posts");
  const [asked] = before?.waiting ?? [];
  if (before === null || asked === undefined || ports.now() < before.nextReadAt) return;
  // Written first, so that a read that hangs or throws is not repeated without a pause.
  setValue(ports.sql, "posts", { ...before, nextReadAt: ports.now() + AFTER_FAILURE_MS });
  const postId = await postOf(ports, accountId, asked);
  ports.sql.transaction(() => {
    const posts = getValue(ports.sql, "posts");
    // An erasure has deleted the question meanwhile.
    if (posts === null) return;
    if (postId === null) {
      // At the end of the list, it does not keep the others waiting.
      const others = posts.waiting.filter(({ eventId }) => eventId !== asked.eventId);
      const again = ports.now() - asked.since < GIVE_UP_MS ? [asked] : [];
      setValue(ports.sql, "posts", { ...posts, waiting: [...others, ...again] });
      return;
    }
    const same = posts.waiting.filter(({ mediaId }) => mediaId === asked.mediaId);
    setValue(ports.sql, "posts", {
      known: [...posts.known, { mediaId: asked.mediaId, postId }].slice(-MAX_POSTS),
      waiting: posts.waiting.filter((question) => !same.includes(question)),
      nextReadAt: ports.now() + BETWEEN_READS_MS,
    });
    if (postId === asked.mediaId) return;
    for (const { eventId } of same) {
      const event = findEvent(ports.sql, accountId, eventId);
      if (event === null) continue;
      decideAgain(event);
      ports.changed?.({ eventId });
    }
  });
}

/** Null: not known now. If Meta names no post, the picture is the post. */
async function postOf(
  ports: AccountPorts,
  accountId: string,
  { commentId, mediaId }: { commentId: string; mediaId: string },
): Promise<string | null> {
  const profile = getValue(ports.sql, "profile");
  const opened = await openToken(ports, accountId);
  if (profile === null || opened.kind !== "token" || getValue(ports.sql, "hold") !== null) return null;
  try {
    const read = await ports.graph.commentMedia(profile, opened.token, commentId);
    if (read.ok) return read.value ?? mediaId;
    ports.log("post_read_failed", { accountId, code: read.error.code });
  } catch (error) {
    ports.log("post_read_failed", { accountId, error: describe(error) });
  }
  return null;
}
