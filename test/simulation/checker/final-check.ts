/** The check at the end of a run: compares what Meta received with the ledgers. */
import { ingestedIn, type Prompt, type Wanted } from "../meta/history.ts";
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import { BACKEND } from "../workload/stage.ts";
import type { World } from "../world.ts";
import { type Ledger, readKept, readLedger, type ReplyRow } from "./ledger.ts";
import { judgeFairness } from "./fairness.ts";
import { judgePace } from "./pace.ts";

export interface Figures {
  /** Comments and messages, and those that should get a reply. */
  prompts: number;
  wanted: number;
  /** Replies by their final state. */
  sent: number;
  presumed: number;
  refused: number;
  cancelled: number;
  expired: number;
  uncertain: number;
  /** How many of the uncertain replies were sent. */
  uncertainSent: number;
  /** Expected, but the automation was not triggered, for a correct reason. */
  declined: number;
  deadLetters: number;
}

export const NO_FIGURES: Figures = {
  prompts: 0,
  wanted: 0,
  sent: 0,
  presumed: 0,
  refused: 0,
  cancelled: 0,
  expired: 0,
  uncertain: 0,
  uncertainSent: 0,
  declined: 0,
  deadLetters: 0,
};

/** Reports violations to the witness. */
export function judge(world: World): Figures {
  const figures = { ...NO_FIGURES };
  const kept = readKept(world);
  figures.deadLetters = kept.waiting;
  for (let count = 0; count < kept.redriven; count++) world.sim.tally.sometimes("dead_letter_redriven");
  const ledgers = new Map<string, IndexedLedger>();
  for (const accountId of new Set([...world.history.accounts.keys(), ...world.accounts.keys()])) {
    ledgers.set(accountId, index(readLedger(world, accountId)));
  }
  judgeItems(world, ledgers, kept.text);
  for (const prompt of world.history.prompts.values()) {
    figures.prompts++;
    countSituations(world, prompt);
    if ((prompt.poison?.rounds ?? 0) > POISON_ROUNDS) {
      const detail = `asked for ${prompt.poison?.rounds ?? 0} times after others had been sent, and never given up`;
      world.witness.report("UNSETTLED", prompt.accountId, prompt.id, detail);
    }
    const ledger = ledgers.get(prompt.accountId);
    if (ledger === undefined) continue;
    for (const wanted of prompt.wanted) {
      figures.wanted++;
      judgeReply(world, prompt, wanted, ledger, figures);
    }
  }
  judgePlainMessages(world, ledgers);
  judgePace(world);
  judgeFairness(world);
  return figures;
}

/** One is enough to know. Responses may be lost, and others may be sent while the first refusal is on its way. */
const POISON_ROUNDS = 3;

interface IndexedLedger extends Ledger {
  eventsByAbout: Map<string, Ledger["events"]>;
  repliesByAbout: Map<string, ReplyRow[]>;
}

function index(ledger: Ledger): IndexedLedger {
  return {
    ...ledger,
    eventsByAbout: Map.groupBy(ledger.events, ({ about }) => about ?? ""),
    repliesByAbout: Map.groupBy(ledger.replies, ({ about }) => about ?? ""),
  };
}

/** Every acknowledged item must be stored somewhere. */
function judgeItems(world: World, ledgers: ReadonlyMap<string, IndexedLedger>, kept: string): void {
  const { witness } = world;
  for (const { key, accountId, about, kinds, raw, acknowledgedAt } of world.history.items) {
    const events = ledgers.get(accountId)?.eventsByAbout.get(about ?? "") ?? [];
    const isThere = events.some((event) => kinds.includes(event.kind) && (event.raw ?? raw) === raw);
    const isKept = isThere || kept.includes(about ?? key);
    if (isKept) continue;
    if (acknowledgedAt !== null) witness.report("LOST", accountId, about ?? key, `${kinds.join("/")} ${key}`);
    else witness.report("UNDELIVERED", accountId, about ?? key, key);
  }
}

function judgeReply(world: World, prompt: Prompt, wanted: Wanted, ledger: IndexedLedger, figures: Figures): void {
  const { witness } = world;
  const rows = (ledger.repliesByAbout.get(prompt.id) ?? []).filter(
    ({ kind, automationId }) => kind === wanted.way && (automationId ?? BACKEND) === wanted.automationId,
  );
  const complain = (detail: string): void => {
    witness.report("UNANSWERED", prompt.accountId, prompt.id, `${wanted.automationId} ${wanted.way}: ${detail}`);
  };
  if (rows.length === 0) {
    const raws = prompt.items.map(({ raw }) => raw);
    const event = ledger.eventsByAbout
      .get(prompt.id)
      ?.find(({ kind, raw }) => EVENT_KINDS.has(kind) && (raw === null || raws.includes(raw)));
    // The event is missing: it is reported as LOST or UNDELIVERED, or waits in the dead letters.
    if (event === undefined) return;
    const reason = event.blocked ?? event.decisions.get(wanted.automationId) ?? "no decision";
    const limited =
      wanted.way === "public_reply" && isPopular(world, prompt) && ["fired", "public_reply_limit"].includes(reason);
    if (limited || isTrue(world, prompt, reason)) figures.declined++;
    else complain(`declined as ${reason}`);
    return;
  }
  const background = (ledger.repliesByAbout.get(prompt.id) ?? []).filter(
    ({ automationId }) => (automationId ?? BACKEND) === wanted.automationId,
  );
  for (const row of rows) judgeRow(world, prompt, wanted, { row, background }, figures, complain);
}

function countSituations({ sim, history }: World, prompt: Prompt): void {
  const end = prompt.goneItem?.ingested;
  const begin = ingestedIn(prompt);
  if (end != null && begin !== null && end.turn < begin.turn) sim.tally.sometimes("unsend_before_message");
  const { outages } = history.account(prompt.accountId);
  const resumed = prompt.effects.some(({ at }) => outages.some(({ from, to }) => prompt.at < from && at > to));
  if (resumed) sim.tally.sometimes("held_and_resumed");
}

const EVENT_KINDS: ReadonlySet<string> = new Set(["comment", "live_comment", "feed", "message"]);

function judgeRow(
  world: World,
  prompt: Prompt,
  wanted: Wanted,
  { row, background }: { row: ReplyRow; background: readonly ReplyRow[] },
  figures: Figures,
  complain: (detail: string) => void,
): void {
  const { witness, sim } = world;
  const lie = (detail: string): void => {
    witness.report(
      "LIE",
      prompt.accountId,
      prompt.id,
      `${row.id} is ${row.state} (${row.reason ?? ""}), but ${detail}`,
    );
  };
  const happened = effectOf(prompt, wanted, row);
  switch (row.state) {
    case "sent":
      figures.sent++;
      if (row.reason === "presumed") {
        figures.presumed++;
        sim.tally.sometimes("settled_as_presumed");
      }
      if (row.reason === "echo") sim.tally.sometimes("settled_by_echo");
      if (happened === false) lie("it is not visible at Meta");
      return;
    case "uncertain":
      figures.uncertain++;
      if (happened !== false) figures.uncertainSent++;
      sim.tally.sometimes("uncertain_kept");
      if (row.wakeAt !== null) complain("still uncertain, and nothing is scheduled");
      if (row.reason === null) complain("uncertain without a reason");
      if (isProven(world, prompt, row)) witness.report("UNSETTLED", prompt.accountId, prompt.id, row.id);
      return;
    case "refused":
      figures.refused++;
      if (happened === true) lie("it was sent");
      if (prompt.refusals === 0 && happened !== null) lie("Meta never refused it");
      return;
    case "cancelled":
      figures.cancelled++;
      if (happened === true) lie("it was sent");
      if (!isTrue(world, prompt, row.reason ?? "") && !isWithdrawn(row, background))
        complain(`cancelled as ${row.reason ?? ""}`);
      sim.tally.sometimes(row.attempts === 0 ? "cancelled_before_attempt" : "cancelled_during_attempt");
      if (row.reason === "human_answered") sim.tally.sometimes("person_took_over");
      return;
    case "expired":
      figures.expired++;
      sim.tally.sometimes("expired");
      if (happened === true) lie("it was sent");
      if (!mayExpire(world, prompt)) complain("expired although it could have been sent");
      return;
    case "pending":
      if (waitsForPrivateReply(row, background)) {
        sim.tally.sometimes("public_reply_waits");
        return;
      }
      complain(`still ${row.state} with wake_at ${row.wakeAt ?? "null"}, and nothing is scheduled`);
      return;
    default:
      complain(`still ${row.state} with wake_at ${row.wakeAt ?? "null"}, and nothing is scheduled`);
  }
}

/** Entry times may be wrong by a day, and the core stops one minute before the window closes. */
const SKEW_MS = 25 * 3_600_000;

/** Whether an echo was ingested that can only be of this reply. */
function isProven(world: World, prompt: Prompt, row: ReplyRow): boolean {
  const others = world.history.promptsOf(prompt.accountId, prompt.personId);
  // The backend sends the same text to all people, so each of those echoes could be of this reply.
  const isAlone =
    row.kind === "message" ? row.text.includes(prompt.id) : others.length === 1 && row.automationId !== null;
  return (
    isAlone &&
    prompt.effects.some(({ way, text, echoes }) => way === row.kind && text === row.text && echoes.some(isIngested))
  );
}

const isIngested = ({ ingested }: { ingested: object | null }): boolean => ingested !== null;

/** Whether the account had no token when the window closed, or the event arrived too late. */
function mayExpire(world: World, { accountId, windowEndsAt, ...prompt }: Prompt): boolean {
  if (prompt.poison !== null) return true;
  const { outages } = world.history.account(accountId);
  if (outages.some(({ from, to }) => from < windowEndsAt && to > windowEndsAt - SKEW_MS && to - from > SKEW_MS)) {
    return true;
  }
  const ingested = ingestedIn({ accountId, windowEndsAt, ...prompt });
  return ingested !== null && ingested.at > windowEndsAt - SKEW_MS && ingested.at > prompt.at + 3_600_000;
}

/** Whether Meta received it. null: the text does not show which message it answers. */
function effectOf(prompt: Prompt, wanted: Wanted, row: ReplyRow): boolean | null {
  if (wanted.way === "message" && !row.text.includes(prompt.id)) return null;
  const own = prompt.effects.some(({ replyId }) => replyId === row.id);
  // For a second reply to one comment, Meta may return that the first was sent.
  const other = row.reason === "presumed" && prompt.effects.some(({ way }) => way === wanted.way);
  return own || other;
}

/** Whether this reason for not replying agrees with the history. */
function isTrue(world: World, prompt: Prompt, reason: string): boolean {
  switch (reason) {
    case "comment_gone":
    case "message_unsent":
    case "deleted":
      return prompt.goneAt !== null;
    case "human_answered":
    case "human_active":
      return (
        world.history.humansTo(prompt.accountId, prompt.personId).some(({ item }) => item.ingested !== null) ||
        world.history.automaticOutOfOrder(prompt.accountId, prompt.personId)
      );
    case "outside_window": {
      const ingested = ingestedIn(prompt);
      return ingested !== null && ingested.at >= prompt.windowEndsAt - SKEW_MS;
    }
    case "ad_copy":
      return isTwin(world, prompt);
    case "conversation_cap":
      return isChatty(world, prompt);
    default:
      return false;
  }
}

/** The person has had the public replies of an hour (`publicReplies.perPersonPerHour`). */
function isPopular(world: World, { accountId, personId }: Prompt): boolean {
  const asked = world.history
    .promptsOf(accountId, personId)
    .filter((other) => other.wanted.some(({ way }) => way === "public_reply"));
  return asked.length > DEFAULT_SETTINGS.publicReplies.perPersonPerHour;
}

/** A public reply waits while a person must decide about its private reply, at most until it expires. */
function waitsForPrivateReply({ kind }: ReplyRow, background: readonly ReplyRow[]): boolean {
  return (
    kind === "public_reply" &&
    background.some((row) => row.kind === "private_reply" && row.state === "uncertain" && row.wakeAt === null)
  );
}

/** A public reply whose private reply was not sent. A later echo may have proved that it was sent. */
function isWithdrawn({ kind, reason }: ReplyRow, background: readonly ReplyRow[]): boolean {
  return (
    kind === "public_reply" &&
    reason === "private_reply_unsent" &&
    background.some(
      (row) =>
        row.kind === "private_reply" &&
        (["refused", "cancelled", "expired"].includes(row.state) || (row.state === "sent" && row.reason === "echo")),
    )
  );
}

/**
 * The person wrote the same text on the same post at about that time, and one of the two notifications is for an ad.
 */
function isTwin(world: World, prompt: Prompt): boolean {
  return world.history
    .promptsOf(prompt.accountId, prompt.personId)
    .some(
      (other) =>
        other !== prompt &&
        other.mediaId === prompt.mediaId &&
        other.text === prompt.text &&
        (other.items.length > 1 || prompt.items.length > 1),
    );
}

/** `Settings.conversationRepliesPerHour`, by default. */
const REPLIES_PER_HOUR = 20;

function isChatty(world: World, prompt: Prompt): boolean {
  let asked = 0;
  for (const { wanted } of world.history.promptsOf(prompt.accountId, prompt.personId)) asked += wanted.length;
  return asked > REPLIES_PER_HOUR;
}

/** If texts do not distinguish messages, their number must match the replies that are sent or may have been sent. */
function judgePlainMessages(world: World, ledgers: ReadonlyMap<string, IndexedLedger>): void {
  for (const [accountId, { replies }] of ledgers) {
    const plain = replies.filter(({ kind, text, about }) => kind === "message" && !text.includes(about ?? ""));
    for (const [key, rows] of Map.groupBy(plain, ({ personId, text }) => `${personId ?? ""} ${text}`)) {
      const [first] = rows;
      const personId = first?.personId ?? "";
      const seen = world.witness.plainCount(accountId, personId, first?.text ?? "");
      const sent = rows.filter(({ state }) => state === "sent").length;
      const uncertain = rows.filter(({ state }) => state === "uncertain").length;
      if (seen < sent) world.witness.report("LIE", accountId, personId, `${sent} sent to ${key}, Meta saw ${seen}`);
      if (seen > sent + uncertain) {
        world.witness.report("DUPLICATED", accountId, personId, `${sent} sent to ${key}, Meta saw ${seen}`);
      }
    }
  }
}
