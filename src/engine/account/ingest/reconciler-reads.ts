/** The single reads of a reconciler's round, and what each one leaves: new events and the next place to read. */
import type { MetaEvent } from "../../../core/event.ts";
import { HOUR_MS, MINUTE_MS } from "../../../core/time.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import { MESSAGE_WINDOW_MS, PRIVATE_REPLY_WINDOW_MS } from "../../../meta/limits.ts";
import type { Profile } from "../../../api/account.ts";
import type { AccountPorts } from "../ports.ts";
import { hasEvent } from "../tables/events.ts";
import { countReconciler } from "../tables/reconciler-days.ts";
import { getValue, setValue, type SettingValues } from "../tables/settings.ts";
import { missedEvents } from "./found-comments.ts";
import { missedMessages } from "./found-messages.ts";
import { ingest } from "./ingest.ts";

/** Posts read in a round, the newest first. */
const MEDIA = 10;
/** Comments per read. */
const COMMENTS = 50;
/** Conversations per read, and reads of them in a round. */
const CONVERSATIONS = 20;
const CONVERSATION_READS = 5;
/** How far a round reads back before the start of the previous round. This finds what Meta showed late. */
const OVERLAP_MS = HOUR_MS;
/** Something younger may still arrive by webhook. The next round reads it. */
const SETTLE_MS = 2 * MINUTE_MS;

export type Round = SettingValues["reconcile"];

export const isComplete = ({ media, conversations }: Round): boolean => media.length === 0 && conversations == null;

/** What a read needs, and what it leaves. */
export class Reads {
  readonly ports: AccountPorts;
  readonly accountId: string;
  readonly profile: Profile;
  readonly token: string;

  constructor(ports: AccountPorts, accountId: string, profile: Profile, token: string) {
    this.ports = ports;
    this.accountId = accountId;
    this.profile = profile;
    this.token = token;
  }

  get round(): Round | null {
    return getValue(this.ports.sql, "reconcile");
  }

  /** Meta's API, for one call, which is counted. */
  oneCall(): AccountPorts["graph"] {
    countReconciler(this.ports.sql, this.ports.now(), { calls: 1 });
    return this.ports.graph;
  }

  /** After the last read, the round is complete. The account may be erased while a read runs: then nothing is stored. */
  store(change: Partial<Round>): void {
    const before = this.round;
    if (before === null) return;
    const round = { ...before, ...change };
    setValue(this.ports.sql, "reconcile", isComplete(round) ? { ...round, readAt: round.begunAt } : round);
  }

  /** Leaves out this read until the account is connected again. */
  refuse(read: "comments" | "messages", { code }: GraphProblem): void {
    this.ports.log("reconciler_failed", { accountId: this.accountId, code });
    const rest = read === "comments" ? { media: [], after: null } : { conversations: null };
    this.store({ ...rest, refused: { ...this.round?.refused, [read]: code } });
  }

  take(events: readonly MetaEvent[]): void {
    const { ports, accountId } = this;
    const missing = events.filter(({ id }) => !hasEvent(ports.sql, id));
    if (missing.length === 0 || this.round === null) return;
    const found = ingest(ports, accountId, missing).filter((result) => result === "new").length;
    countReconciler(ports.sql, ports.now(), { found });
    ports.log("reconciler_read", { accountId, count: missing.length });
  }
}

/** Starts a round with the list of posts. Otherwise reads one page of a post's comments, or one of conversations. */
export async function readNext(reads: Reads): Promise<GraphProblem | null> {
  const { round } = reads;
  if (round === null) return null;
  const [mediaId] = round.media;
  if (mediaId !== undefined) return readComments(reads, round, mediaId);
  if (round.conversations != null) return readConversations(reads, round, round.conversations);
  const begunAt = reads.ports.now();
  const wantsMessages = round.refused?.messages === undefined && isSubscribed(reads.ports, "messages");
  const conversations = wantsMessages ? { after: null, reads: 0 } : null;
  if (round.refused?.comments !== undefined) {
    reads.store({ begunAt, conversations });
    return null;
  }
  const media = await reads.oneCall().recentMedia(reads.profile, reads.token, MEDIA);
  if (!media.ok && !isRefusal(media.error)) return media.error;
  const ids = media.ok ? media.value.filter(({ commentCount }) => commentCount !== 0).map(({ id }) => id) : [];
  reads.store({ media: ids, after: null, begunAt, conversations });
  if (!media.ok) reads.refuse("comments", media.error);
  return null;
}

async function readComments(reads: Reads, round: Round, mediaId: string): Promise<GraphProblem | null> {
  const { ports, accountId, profile, token } = reads;
  const page = await reads.oneCall().mediaComments(profile, token, mediaId, COMMENTS, round.after);
  const rest = { media: round.media.slice(1), after: null };
  if (!page.ok) {
    if (isPermission(page.error)) reads.refuse("comments", page.error);
    // A post that was deleted since then must not block the others.
    else if (page.error.reason === "not_found") reads.store(rest);
    else return page.error;
    return null;
  }
  const { comments, after } = page.value;
  const now = ports.now();
  const since = lookBackTo(round, now, PRIVATE_REPLY_WINDOW_MS);
  reads.take(missedEvents(comments, { accountId, platform: profile.platform, mediaId, since }, now, now - SETTLE_MS));
  // Newest first: if a page reaches back before `since`, the rest of the post is older.
  const done = after === null || comments.some(({ createdAt }) => createdAt !== null && createdAt < since);
  reads.store(done ? rest : { after });
  return null;
}

async function readConversations(
  reads: Reads,
  round: Round,
  place: { after: string | null; reads: number },
): Promise<GraphProblem | null> {
  const { ports, accountId, profile, token } = reads;
  const page = await reads.oneCall().conversations(profile, token, CONVERSATIONS, place.after);
  if (!page.ok) {
    if (!isRefusal(page.error)) return page.error;
    reads.refuse("messages", page.error);
    return null;
  }
  const { conversations, after } = page.value;
  const now = ports.now();
  const since = lookBackTo(round, now, MESSAGE_WINDOW_MS);
  const messages = conversations.flatMap((conversation) => conversation.messages);
  // A Page has its echoes in a field of their own. Without it, Meta is not expected to deliver them.
  const withEchoes = profile.platform === "instagram" || isSubscribed(ports, "message_echoes");
  reads.take(missedMessages(ports, messages, { accountId, profile, since, until: now - SETTLE_MS, withEchoes }));
  // The last active first: if a page reaches back before `since`, the rest is older.
  const done = after === null || conversations.some(({ updatedAt }) => updatedAt !== null && updatedAt < since);
  const count = place.reads + 1;
  reads.store({ conversations: done || count >= CONVERSATION_READS ? null : { after, reads: count } });
  return null;
}

/** What is older than the window is ignored: it cannot be answered, and may already be pruned. */
function lookBackTo({ since, readAt }: Round, now: number, windowMs: number): number {
  return Math.max(since, (readAt ?? since) - OVERLAP_MS, now - windowMs);
}

/** True also where the wanted fields are not known. */
function isSubscribed({ sql }: AccountPorts, field: string): boolean {
  return getValue(sql, "subscription")?.wanted.includes(field) ?? true;
}

const isPermission = (problem: GraphProblem): boolean =>
  problem.reason === "account" && problem.problem === "permission";

/** Another try would get the same answer. */
const isRefusal = (problem: GraphProblem): boolean =>
  isPermission(problem) || problem.reason === "refused" || problem.reason === "not_found";
