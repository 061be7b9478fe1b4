/** Replyline's state at the end: all events and replies of all accounts, from its API. */
import { type Api, type EventItem, forEach, type ReplyItem } from "./api.ts";
import { pause } from "./line.ts";

export interface Ledger {
  /** By event id. */
  events: Map<string, EventItem & { accountId: string }>;
  /** By kind and by comment or person. */
  replies: Map<string, ReplyItem>;
  replyCount: number;
  quarantined: string[];
  deadLetters: string[];
}

/** The key of a reply in Meta's log: its kind, and the comment or the person. */
export const replyKey = (kind: string, to: string): string => `${kind} ${to}`;

export async function readLedger(api: Api, accounts: readonly string[]): Promise<Ledger> {
  const ledger: Ledger = { events: new Map(), replies: new Map(), replyCount: 0, quarantined: [], deadLetters: [] };
  await forEach(accounts, async (accountId) => {
    for (const event of await api.all<EventItem>(`/api/accounts/${accountId}/events`)) {
      ledger.events.set(event.id, { ...event, accountId });
    }
    for (const reply of await api.all<ReplyItem>(`/api/accounts/${accountId}/replies`)) {
      ledger.replies.set(replyKey(reply.kind, reply.to.commentId ?? reply.to.recipientId ?? ""), reply);
      ledger.replyCount++;
    }
  });
  ledger.quarantined = (await api.all<{ body: string }>("/api/quarantine")).map(({ body }) => body);
  ledger.deadLetters = (await api.all<{ eventId: string }>("/api/dead-letters")).map(({ eventId }) => eventId);
  return ledger;
}

/** An uncertain private reply is retried after ten minutes and after an hour, which is too late for the soak. */
const SOON_MS = 150_000;

/** With so few replies open in an account, each is looked at: a public reply waits as long as its private one is uncertain. */
const FEW = 10;

/**
 * Waits until no reply is scheduled.
 *
 * @returns number of replies that were still scheduled at the timeout
 */
export async function drain(
  api: Api,
  accounts: readonly string[],
  limitMs: number,
  onProgress: (open: number) => void,
): Promise<number> {
  const startedAt = Date.now();
  const deadline = startedAt + limitMs;
  let restless = [...accounts];
  for (;;) {
    let open = 0;
    const still: string[] = [];
    await forEach(restless, async (accountId) => {
      const { state } = await api.get<{ state: { replies: Record<ReplyItem["state"], number> } }>(
        `/api/accounts/${accountId}`,
      );
      let moving = state.replies.pending + state.replies.sending;
      if (moving <= FEW && state.replies.uncertain > 0) {
        const inState = (name: string) => api.all<ReplyItem>(`/api/accounts/${accountId}/replies?state=${name}`);
        const [uncertain, pending] = await Promise.all([inState("uncertain"), inState("pending")]);
        const isSoon = ({ estimatedAt }: ReplyItem) => estimatedAt !== null && estimatedAt < startedAt + SOON_MS;
        const stuck = new Set(uncertain.filter((reply) => !isSoon(reply)).map(({ id }) => id));
        moving =
          state.replies.sending +
          uncertain.filter(isSoon).length +
          pending.filter(({ afterId }) => afterId === null || !stuck.has(afterId)).length;
      }
      if (moving > 0) still.push(accountId);
      open += moving;
    });
    restless = still;
    onProgress(open);
    if (open === 0 || Date.now() > deadline) return open;
    await pause(2_000);
  }
}
