/** Handovers of threads between apps, and blocks of the account by Meta. */
import { idAt, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { senderId } from "./parts.ts";

type Item = JsonObject | null;

export interface HandoverView {
  kind: "handover";
  personId: string | null;
  action: "pass" | "take" | "request" | "roles" | null;
  previousOwnerAppId: string | null;
  /** The new owner, or the app that is asked to become the owner. */
  newOwnerAppId: string | null;
  metadata: string | null;
  /** `roles` only: what each app may do. */
  roles: { appId: string; roles: string[] }[];
}

export interface PolicyView {
  kind: "policy_enforcement";
  action: string | null;
  reason: string | null;
}

const HANDOVER_ACTIONS = [
  ["pass_thread_control", "pass"],
  ["take_thread_control", "take"],
  ["request_thread_control", "request"],
  ["app_roles", "roles"],
] as const;

/** A request has the requesting app as new owner (Messenger Platform and Instagram Messaging, Conversation Routing). */
export function readHandover(item: Item): HandoverView {
  const [key, action] = HANDOVER_ACTIONS.find(([name]) => objectAt(item, name) !== null) ?? ["", null];
  const handover = objectAt(item, key);
  const roles = action === "roles" ? Object.keys(handover ?? {}) : [];
  return {
    kind: "handover",
    personId: senderId(item),
    action,
    previousOwnerAppId: idAt(handover, "previous_owner_app_id"),
    newOwnerAppId: idAt(handover, "new_owner_app_id") ?? idAt(handover, "requested_owner_app_id"),
    metadata: textAt(handover, "metadata"),
    roles: roles.map((appId) => ({
      appId,
      roles: listAt(handover, appId).filter((role) => typeof role === "string"),
    })),
  };
}

/** `action` is `block`, `warning` or `unblock`; the name was seen with an underscore and with a hyphen. */
export function readPolicy(item: Item): PolicyView {
  const policy = objectAt(item, "policy_enforcement") ?? objectAt(item, "policy-enforcement");
  return { kind: "policy_enforcement", action: textAt(policy, "action"), reason: textAt(policy, "reason") };
}
