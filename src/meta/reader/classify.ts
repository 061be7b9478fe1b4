/** Classifies an item: its kind, its field, and the part of it that contains the data. */
import type { EventKind } from "../../core/event.ts";
import { kindOfChange } from "../fields.ts";
import { isObject, type JsonObject, objectAt, textAt } from "../json.ts";
import { messagingField, messagingItem, messagingKind } from "./messaging.ts";
import type { Container } from "./skeleton.ts";

export interface Classified {
  kind: EventKind;
  field: string;
  /** For standby: the kind that it would have if this app owned the thread. */
  inner: EventKind | null;
  /** The `value` of a change, or the messaging item; null if the value of a change is not an object. */
  body: JsonObject | null;
}

/** Gives every item a kind. An unrecognized item is `unknown` or `change` and is stored like the others. */
export function classify(object: string, container: Container, item: JsonObject): Classified {
  switch (container) {
    case "messaging": {
      const kind = messagingKind(item) ?? "unknown";
      return { kind, field: messagingField(kind, object), inner: null, body: item };
    }
    case "standby":
      return { kind: "standby", field: "standby", inner: messagingKind(item) ?? "unknown", body: item };
    case "changes":
    case "changed_fields":
      return classifyChange(object, item);
  }
}

function classifyChange(object: string, item: JsonObject): Classified {
  const field = textAt(item, "field");
  const body = objectAt(item, "value");
  if (field === null) return { kind: "unknown", field: "", inner: null, body };
  // The App Dashboard's Test button sends messaging events as changes.
  if (body !== null && (isObject(body["sender"]) || isObject(body["recipient"]))) {
    const kind = messagingKind(messagingItem(item));
    if (kind !== null && field === "standby") return { kind: "standby", field, inner: kind, body };
    if (kind !== null) return { kind, field, inner: null, body };
  }
  return { kind: kindOfChange(object, field) ?? "change", field, inner: null, body };
}
