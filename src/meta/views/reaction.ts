/** A person reacts to a message or removes the reaction. */
import { idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { isSelf, otherThan } from "./parts.ts";

export interface ReactionView {
  kind: "reaction";
  mid: string | null;
  personId: string | null;
  action: "react" | "unreact" | null;
  reaction: string | null;
  emoji: string | null;
  own: boolean;
}

/** On a message of the person or the account. Removing the reaction is a separate event. */
export function readReaction(item: JsonObject | null, accountId: string): ReactionView {
  const reaction = objectAt(item, "reaction");
  const action = textAt(reaction, "action");
  return {
    kind: "reaction",
    mid: idAt(reaction, "mid"),
    personId: otherThan(accountId, item),
    action: action === "react" || action === "unreact" ? action : null,
    reaction: textAt(reaction, "reaction"),
    emoji: textAt(reaction, "emoji"),
    own: isSelf(item, "reaction", accountId),
  };
}
