/** Creates the ledger row of a reply that an automation or your own backend requests. */
import type { MessageContent } from "../../../core/automation/automation.ts";
import type { TemplateRead } from "../../../core/automation/fields.ts";
import { fitText } from "../../../core/automation/text.ts";
import type { Reply, ReplyKind, ReplyTarget } from "../../../core/reply/reply.ts";
import { rateLimitOf, textLimitOf } from "../../../meta/limits.ts";
import type { Platform } from "../../../meta/graph/request.ts";
import type { AccountPorts } from "../ports.ts";
import { insertReply, type ReplyRequest } from "../tables/replies.ts";

export interface Wanted {
  eventId: string | null;
  automationId: string | null;
  kind: ReplyKind;
  to: ReplyTarget;
  about: string | null;
  personId: string | null;
  groupKey: string;
  live: boolean;
  message: MessageContent;
  reads: readonly TemplateRead[];
  /** Never sent before this time: the time of receipt plus the delay. */
  dueAt: number;
  /** When Meta's window closes for it. */
  expiresAt: number;
  /** The reply that must be sent first. */
  afterId: string | null;
  whenRefused: MessageContent | null;
  /** Of a public reply: its thread. */
  thread: string | null;
  byPerson: boolean;
  request: ReplyRequest | null;
}

/** @returns the new row, or null when the ledger already contains a reply in its place */
export function schedule(ports: AccountPorts, platform: Platform, wanted: Wanted): Reply | null {
  const { kind, live, message, dueAt, expiresAt, afterId } = wanted;
  const limit = textLimitOf(kind, platform);
  const rateLimit = rateLimitOf(kind, live, message);
  const reply: Reply = {
    id: ports.newId(),
    eventId: wanted.eventId,
    automationId: wanted.automationId,
    kind,
    rateLimit,
    groupKey: wanted.groupKey,
    to: wanted.to,
    about: wanted.about,
    personId: wanted.personId,
    // If Graph reads are needed, the text is still a template. It is cut to its limit after the reads (attempt.ts).
    message:
      message.text === undefined || wanted.reads.length > 0
        ? message
        : { ...message, text: fitText(message.text, limit) },
    reads: wanted.reads,
    state: "pending",
    reason: null,
    createdAt: ports.now(),
    dueAt,
    expiresAt,
    // A blocked row wakes to expire, unless the reply before it is sent.
    wakeAt: afterId === null ? dueAt : expiresAt,
    attempts: 0,
    failures: 0,
    attemptAt: null,
    ambiguous: false,
    cancelReason: null,
    sentAt: null,
    messageId: null,
    afterId,
    whenRefused: wanted.whenRefused,
    thread: wanted.thread,
    byPerson: wanted.byPerson,
    heldAt: null,
  };
  if (!insertReply(ports.sql, reply, wanted.request)) return null;
  ports.changed?.({ replyId: reply.id });
  return reply;
}
