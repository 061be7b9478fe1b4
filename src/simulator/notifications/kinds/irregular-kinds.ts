import {
  changedFields,
  emptyEntry,
  testButtonComment,
  testButtonMessage,
  userChange,
} from "../irregular-notifications.ts";
import { option, options, present, type Kind } from "./notification-kind.ts";

export const IRREGULAR_KINDS: readonly Kind[] = [
  {
    name: "test-button",
    summary: "what the App Dashboard's Test button sends, for messages or comments (--field)",
    example: "test-button --field comments",
    platform: "instagram",
    options: { field: option("messages or comments") },
    make: (context, values) =>
      values.oneOf("field", ["messages", "comments"] as const) === "comments"
        ? testButtonComment(context)
        : testButtonMessage(context),
  },
  {
    name: "changed-fields",
    summary: "names of changed fields without values (include_values is off)",
    example: "changed-fields --field comments",
    options: { field: options("a field's name; may be given several times") },
    make(context, values) {
      const fields = values.list("field");
      const names = fields.length === 0 ? ["comments"] : fields;
      return changedFields({ object: context.platform, accountId: context.accountId, fields: names }, context);
    },
  },
  {
    name: "empty-entry",
    summary: "an entry without updates",
    example: "empty-entry",
    options: {},
    make: (context) => emptyEntry({ object: context.platform, accountId: context.accountId }, context),
  },
  {
    name: "user-change",
    summary: "a change of a user or of the app's permissions",
    example: "user-change --object permissions --field connected --verb granted",
    options: {
      object: option("user or permissions"),
      field: option("the field's name"),
      value: option("a text value"),
      verb: option("update, granted, revoked …"),
      "object-id": option("the object that changed"),
    },
    make(context, values) {
      const objectId = values.text("object-id");
      const verb = values.text("verb");
      const value = objectId === undefined ? values.text("value") : { verb: verb ?? "update", object_id: objectId };
      return userChange(
        {
          object: values.oneOf("object", ["user", "permissions"] as const) ?? "user",
          userId: context.accountId,
          field: values.text("field") ?? "photos",
          ...present({ value, verb: objectId === undefined ? verb : undefined }),
        },
        context,
      );
    },
  },
];
