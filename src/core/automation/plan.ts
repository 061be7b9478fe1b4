/** What `decide` asks for: replies that do not exist yet. The Account turns each into a row of its ledger. */
import type { ReplyKind } from "../reply/reply.ts";
import type { MessageContent, MissReason } from "./automation.ts";
import type { TemplateRead } from "./fields.ts";

/** What the account knows, read from its tables before an event is decided. */
export interface DecisionContext {
  /** The comment already has its one private reply, open or sent. */
  privateReplyTaken: boolean;
  /** A person answered this conversation lately; automations stand back. */
  humanActive: boolean;
  /** The conversation has had its automated replies for this hour. */
  capReached: boolean;
  /** Meta's window for answering this event has closed already. */
  outsideWindow: boolean;
  /** The comment or message was deleted, or its author erased, before it was decided. */
  gone: "deleted" | "erased" | null;
  /** The same comment arrived before, under the media that the ad was made from (or the other way round). */
  adCopy: boolean;
  /** No token: the account only captures. */
  connected: boolean;
}

export interface PlannedReply {
  kind: ReplyKind;
  /** Rendered, but for the `{{parent.text}}` and `{{media.permalink}}` fields named in `reads`. */
  content: MessageContent;
  /** Graph reads that must come before the send. */
  reads: readonly TemplateRead[];
  /** Seconds after the receiver's time; null: the account's setting. */
  deferSeconds: number | null;
}

export type Verdict =
  | { automationId: string; fired: true; replies: PlannedReply[] }
  | { automationId: string; fired: false; reason: MissReason };
