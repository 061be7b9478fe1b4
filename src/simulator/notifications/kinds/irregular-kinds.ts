import {
  changedFields,
  emptyEntry,
  testButtonComment,
  testButtonMessage,
  userChange,
} from "../irregular-notifications.ts";
import { option, options, present } from "./notification-kind.ts";
import type { Kind } from "./notification-kind.ts";

export const IRREGULAR_KINDS: readonly Kind[] = [
  {
    name: "test-button",
    summary: "what the App Dashboard's Test button sends, for messages or comments (--field)",
    example: "test-button --field comments",
    platform: "instagram",
    options: { field: option("messages or comments") },
    make: (scene, given) =>
      given.oneOf("field", ["messages", "comments"] as const) === "comments"
        ? testButtonComment(scene)
        : testButtonMessage(scene),
  },
  {
    name: "changed-fields",
    summary: "names of what changed and no values (include_values off)",
    example: "changed-fields --field comments",
    options: { field: options("a field's name; may be given several times") },
    make(scene, given) {
      const fields = given.list("field");
      const names = fields.length === 0 ? ["comments"] : fields;
      return changedFields({ object: scene.platform, accountId: scene.accountId, fields: names }, scene);
    },
  },
  {
    name: "empty-entry",
    summary: "an entry with nothing in it",
    example: "empty-entry",
    options: {},
    make: (scene) => emptyEntry({ object: scene.platform, accountId: scene.accountId }, scene),
  },
  {
    name: "user-change",
    summary: "a change of a user or of the app's permissions",
    example: "user-change --object permissions --field connected --verb granted",
    options: {
      object: option("user or permissions"),
      field: option("the field's name"),
      value: option("a value that is a text"),
      verb: option("update, granted, revoked …"),
      "object-id": option("the object that changed"),
    },
    make(scene, given) {
      const objectId = given.text("object-id");
      const verb = given.text("verb");
      const value = objectId === undefined ? given.text("value") : { verb: verb ?? "update", object_id: objectId };
      return userChange(
        {
          object: given.oneOf("object", ["user", "permissions"] as const) ?? "user",
          userId: scene.accountId,
          field: given.text("field") ?? "photos",
          ...present({ value, verb: objectId === undefined ? verb : undefined }),
        },
        scene,
      );
    },
  },
];
