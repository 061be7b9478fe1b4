/** The load of the soak: comments and messages on many accounts, and their deliveries. */
import { Random } from "../fuzz/random.ts";
import { accountIdOf, commentIdOf, eventIdOf, mediaIdOf, messageIdOf, personIdOf, TEXT_CANARY } from "./ids.ts";

export interface PlannedEvent {
  n: number;
  /** The event id in Replyline. */
  id: string;
  accountId: string;
  kind: "comment" | "message";
  /** Contains the keyword, so it must get a reply. */
  asks: boolean;
}

export interface PlannedBody {
  /** Empty: a body that is signed but unreadable. */
  events: PlannedEvent[];
  /** For unreadable bodies. */
  n: number;
}

export interface Plan {
  accounts: string[];
  bodies: PlannedBody[];
}

/** After the first ten, an account sends one comment reply per 4.8 s, so the load is spread over many accounts. */
const EVENTS_PER_ACCOUNT = 20;
const MAX_ACCOUNTS = 400;

export function makePlan(seed: number, count: number): Plan {
  const random = new Random(seed, 2);
  const accounts = Array.from(
    { length: Math.max(12, Math.min(MAX_ACCOUNTS, Math.ceil(count / EVENTS_PER_ACCOUNT))) },
    (_, i) => accountIdOf(i + 1),
  );
  // A third of the accounts have only one comment, so that no later event can wake them by chance.
  const quiet = accounts.slice(0, Math.floor(accounts.length / 3));
  const busy = accounts.slice(quiet.length);
  const events = Array.from({ length: count }, (_, n): PlannedEvent => {
    const accountId = quiet[n] ?? random.pick(busy) ?? "";
    const isComment = n < quiet.length || random.chance(0.7);
    const kind = isComment ? "comment" : "message";
    const id = eventIdOf(accountId, kind, isComment ? commentIdOf(n) : messageIdOf(n));
    return { n, id, accountId, kind, asks: n < quiet.length || random.chance(0.92) };
  });
  for (let i = events.length - 1; i > 0; i--) {
    const j = random.int(0, i);
    const [one, other] = [events[i], events[j]];
    if (one !== undefined && other !== undefined) [events[i], events[j]] = [other, one];
  }
  const bodies: PlannedBody[] = [];
  for (let at = 0; at < events.length;) {
    const size = random.chance(0.65) ? 1 : random.int(2, random.chance(0.1) ? 40 : 6);
    bodies.push({ events: events.slice(at, at + size), n: at });
    at += size;
    if (random.chance(0.01)) bodies.push({ events: [], n: at });
    // Meta repeats events, sometimes in another batch.
    const earlier = random.pick(bodies);
    if (earlier !== undefined && random.chance(0.04)) bodies.push(earlier);
    else if (random.chance(0.03)) bodies.push({ events: events.slice(Math.max(0, at - 3), at).toReversed(), n: at });
  }
  return { accounts, bodies };
}

/** The delivery in Meta's format: one entry per account, with separate containers for comments and messages. */
export function writeBody({ events, n }: PlannedBody, now: number): string {
  if (events.length === 0) return `{"object":"instagram","entry":[{"id":"unreadable ${n} ${TEXT_CANARY}`;
  const entries = [...Map.groupBy(events, ({ accountId }) => accountId)].map(([accountId, own]) => {
    const comments = own.filter(({ kind }) => kind === "comment").map((event) => comment(event));
    const messages = own.filter(({ kind }) => kind === "message").map((event) => message(event, now));
    return {
      id: accountId,
      time: Math.floor(now / 1000),
      ...(comments.length > 0 ? { changes: comments } : {}),
      ...(messages.length > 0 ? { messaging: messages } : {}),
    };
  });
  return JSON.stringify({ object: "instagram", entry: entries });
}

const textOf = ({ asks }: PlannedEvent): string => `${asks ? "GUIDE please" : "lovely"} ${TEXT_CANARY}`;

const comment = (event: PlannedEvent): object => ({
  field: "comments",
  value: {
    from: { id: personIdOf(event.n), username: `nadia.bakes.${event.n}` },
    media: { id: mediaIdOf(event.accountId, event.n), media_product_type: "REELS" },
    id: commentIdOf(event.n),
    text: textOf(event),
  },
});

const message = (event: PlannedEvent, now: number): object => ({
  sender: { id: personIdOf(event.n) },
  recipient: { id: event.accountId },
  timestamp: now,
  message: { mid: messageIdOf(event.n), text: textOf(event) },
});
