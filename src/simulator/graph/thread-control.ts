/** Thread control (documentation: Instagram Messaging, Conversation Routing; Messenger Platform, Handover). */
import { answer, objectOf, refusal, textParam } from "./graph-call.ts";
import type { GraphAnswer, GraphCall, GraphContext } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS } from "./graph-error.ts";
import type { Account } from "./graph-state.ts";

export type ThreadEdge = "take_thread_control" | "pass_thread_control" | "request_thread_control";

/** `request_thread_control` answers `success` without giving the thread to anybody, as Meta does. */
export function threadControl(
  call: GraphCall,
  edge: ThreadEdge,
  account: Account,
  context: GraphContext,
): GraphResponse {
  const { state, app, random } = context;
  if (call.method !== "POST") return refusal(GRAPH_ERRORS.method, random);
  // An object, in a form as JSON text; the bare id is taken as well.
  const recipient = call.params["recipient"];
  const id = objectOf(recipient)?.["id"] ?? recipient;
  const personId = typeof id === "string" ? id : null;
  if (personId === null) return refusal(badParameter("The parameter recipient is required"), random);
  const conversation = state.conversation(account.id, personId);
  if (conversation === undefined) {
    return refusal(
      account.platform === "page" ? GRAPH_ERRORS.pageUserMissing : GRAPH_ERRORS.instagramUserMissing,
      random,
    );
  }
  if (edge === "take_thread_control") state.touchConversation(account.id, personId, { ownerAppId: app.appId });
  if (edge === "pass_thread_control") {
    const target = textParam(call, "target_app_id");
    if (target === null) return refusal(badParameter("The parameter target_app_id is required"), random);
    const ours = conversation.ownerAppId === null || conversation.ownerAppId === app.appId;
    if (!ours) return refusal(GRAPH_ERRORS.notThreadOwner, random);
    state.touchConversation(account.id, personId, { ownerAppId: target });
  }
  return answer({ success: true });
}
