import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import type { Thread } from "../../../api/conversation.ts";
import type { Endpoint } from "../endpoint.ts";
import { conversationItem, thread } from "../../../api/conversation.ts";
import { flagText, pageEntries, pageOf, storedId, strictObject, textOnce } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams, found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const NO_CONVERSATION = "Conversation not found. It may be past the retention period, or erased.";

const personParams = v.object({ ...accountParams.entries, personId: storedId });

const listConversations = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/conversations",
    name: "listConversations",
    tag: "conversations",
    summary: "List conversations, the most recently updated first",
    params: accountParams,
    query: strictObject({
      ...pageEntries,
      search: v.exactOptional(v.pipe(textOnce(200), v.description("Part of the person's id or name."))),
      held: v.exactOptional(v.pipe(flagText, v.description("Only conversations in which automations are paused."))),
    }),
    answer: { status: 200, schema: pageOf(conversationItem) },
    problems: [],
  },
  ({ account, query }) =>
    respondWithPage(`conversations ${account.id}`, query, (asked) => account.ask((stub) => stub.conversations(asked))),
);

const getConversation = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/conversations/:personId",
    name: "getConversation",
    tag: "conversations",
    summary: "Get the thread with one person; the first page has the newest items",
    params: personParams,
    query: strictObject(pageEntries),
    answer: { status: 200, schema: thread },
    problems: ["not_found"],
  },
  async ({ account, params, query }) => {
    let asked: Thread | null = null;
    const page = await respondWithPage(`thread ${account.id} ${params.personId}`, query, async (inner) => {
      asked = await account.ask((stub, id) => stub.thread(id, params.personId, inner));
      return asked ?? { items: [], nextCursor: null };
    });
    if (!page.ok) return page;
    const known = found(asked as Thread | null, NO_CONVERSATION);
    return known.ok ? ok({ body: { ...page.value.body, conversation: known.value.body.conversation } }) : known;
  },
);

const handBack = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/conversations/:personId/hand-back",
    name: "handBackConversation",
    tag: "conversations",
    summary: "Resume automations for this person after a human handover",
    params: personParams,
    answer: { status: 200, schema: conversationItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub) => stub.handBack(params.personId)), NO_CONVERSATION),
);

export const conversationEndpoints: readonly Endpoint[] = [listConversations, getConversation, handBack];
