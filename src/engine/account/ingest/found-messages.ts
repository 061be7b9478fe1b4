/** Makes the events of messages that Graph shows and Meta did not deliver, with the same identity as their webhooks. */
import type { Profile } from "../../../api/account.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { foldEchoText } from "../../../core/reply/fingerprint.ts";
import type { GraphMessage, GraphPerson } from "../../../meta/graph/conversations.ts";
import { readSubject } from "../../../meta/subject.ts";
import type { AccountPorts } from "../ports.ts";
import { eventsAround, hasEventAbout, latestKind } from "../tables/events.ts";
import { eventsFound } from "./found-comments.ts";
import { hasOwnName, ownIds } from "./own-comments.ts";

/**
 * A message with the same text, of the same person, this close in time counts as the same message, whatever its id is.
 * If Graph ever names messages by other ids than webhooks do, nothing is answered twice.
 */
const SAME_MESSAGE_MS = 5_000;

interface Wanted {
  accountId: string;
  profile: Profile;
  /** Older messages are ignored. ms since the epoch. */
  since: number;
  /** Younger messages are left for the next round. */
  until: number;
  /** Whether messages of the account count too. */
  withEchoes: boolean;
}

/** A message between a person and the account. */
interface Directed {
  message: GraphMessage;
  createdAt: number;
  personId: string;
  isEcho: boolean;
}

/** Oldest first, so that an answer of the account comes after the message that it answers. */
export function missedMessages(ports: AccountPorts, messages: readonly GraphMessage[], wanted: Wanted): MetaEvent[] {
  const own = [...new Set(ownIds(ports, wanted.accountId))];
  const isOwn = (person: GraphPerson): boolean =>
    own.includes(person.id) || hasOwnName(wanted.profile, person) === true;
  return messages
    .flatMap((message) => directed(message, isOwn) ?? [])
    .filter(({ createdAt }) => createdAt >= wanted.since && createdAt <= wanted.until)
    .filter(({ isEcho }) => wanted.withEchoes || !isEcho)
    .filter((one) => !isKnown(ports, one, wanted.accountId))
    .sort((left, right) => left.createdAt - right.createdAt)
    .flatMap((one) => eventsFound(deliveryOf(one, wanted), ports.now()));
}

/**
 * Null if it is not certain which side is the account: a message of the account that counted as a person's would be
 * answered, and the answer answered again.
 */
function directed(message: GraphMessage, isOwn: (person: GraphPerson) => boolean): Directed | null {
  const { from, to, createdAt } = message;
  if (from === null || createdAt === null) return null;
  const isEcho = isOwn(from);
  const people = isEcho ? to.filter((person) => !isOwn(person)) : to.some(isOwn) ? [from] : [];
  const [person, ...others] = people;
  return person === undefined || others.length > 0 ? null : { message, createdAt, personId: person.id, isEcho };
}

/** Delivered as a message, as a tap on a button, on standby, or under another id; or unsent since then. */
function isKnown(ports: AccountPorts, { message, createdAt, personId, isEcho }: Directed, accountId: string): boolean {
  if (hasEventAbout(ports.sql, message.id)) return true;
  // Another app has this conversation: the message is on standby, where nothing is answered.
  if (!isEcho && latestKind(ports.sql, personId, ["message", "postback", "standby"]) === "standby") return true;
  const kinds = isEcho ? (["echo", "standby"] as const) : (["message", "postback", "standby"] as const);
  const around = { from: createdAt - SAME_MESSAGE_MS, to: createdAt + SAME_MESSAGE_MS };
  return eventsAround(ports.sql, accountId, personId, kinds, around).some(
    // The text of a tap is its button's title, which is not in every event.
    (event) => event.kind === "postback" || foldedText(readSubject(event).text) === foldedText(message.text),
  );
}

const foldedText = (text: string | null): string => foldEchoText(text ?? "");

function deliveryOf({ message, createdAt, personId, isEcho }: Directed, { accountId, profile }: Wanted): unknown {
  const { id, text, attachments } = message;
  const item = {
    sender: { id: isEcho ? accountId : personId },
    recipient: { id: isEcho ? personId : accountId },
    timestamp: createdAt,
    message: {
      mid: id,
      ...(text === null ? {} : { text }),
      ...(attachments.length === 0
        ? {}
        : { attachments: attachments.map(({ type, url }) => ({ type, payload: { url } })) }),
      ...(isEcho ? { is_echo: true } : {}),
    },
  };
  return { object: profile.platform, entry: [{ id: accountId, time: createdAt, messaging: [item] }] };
}
