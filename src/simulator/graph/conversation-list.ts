/** `GET /<account or Page id>/conversations` (documentation: Conversations API, of both logins). */
import { listPage } from "./account-node.ts";
import { graphTime } from "./field-selection.ts";
import { textParam, type GraphCall, type GraphContext, type GraphResponse } from "./graph-call.ts";
import type { Account, GraphState } from "./graph-state.ts";

/** Meta gives details only of the newest messages of a conversation. */
const SHOWN = 20;

interface Message {
  mid: string;
  personId: string;
  text: string | null;
  at: number;
  fromAccount: boolean;
}

/** The account that the call is about: a Page's path also has the conversations of the linked Instagram account. */
export function accountOfPlatform(call: GraphCall, accounts: readonly Account[]): Account | undefined {
  const platform = textParam(call, "platform") === "instagram" ? "instagram" : "page";
  return accounts.find((account) => account.platform === platform) ?? accounts[0];
}

/** The last active first, in pages. Without messages, a conversation is not in the list. */
export function listConversations(call: GraphCall, account: Account, context: GraphContext): GraphResponse {
  const asked = /messages\.limit\((\d+)\)/.exec(textParam(call, "fields") ?? "")?.[1];
  const limit = Math.min(Number(asked ?? SHOWN), SHOWN);
  const people = Map.groupBy(messagesOf(account, context.state), ({ personId }) => personId);
  const conversations = [...people].map(([personId, messages]) => ({ id: `t_${personId}`, personId, messages }));
  return listPage(
    call,
    conversations,
    context,
    ({ id, personId, messages }) => {
      const person = { id: personId, username: context.state.conversation(account.id, personId)?.username };
      const own = { id: account.id, username: account.username };
      const records = messages.slice(0, limit).map(({ mid, text, at, fromAccount }) => ({
        id: mid,
        created_time: graphTime(at),
        from: fromAccount ? own : person,
        to: { data: [fromAccount ? person : own] },
        message: text ?? "",
      }));
      return {
        id,
        updated_time: graphTime(messages[0]?.at ?? 0),
        participants: { data: [person, own] },
        messages: { data: records },
      };
    },
    "id,updated_time",
  );
}

/** Newest first. */
function messagesOf(account: Account, state: GraphState): Message[] {
  const received = [...state.received.values()].map((message) => ({ ...message, fromAccount: false }));
  const sent = [...state.sent.values()]
    .filter(({ kind }) => kind !== "public_reply")
    .map((message) => ({ ...message, fromAccount: true }));
  return [...received, ...sent]
    .filter(({ accountId }) => accountId === account.id)
    .sort((left, right) => right.at - left.at);
}
