import * as v from "valibot";
import { strictObject, string } from "./building-blocks.ts";

const replyId = string({ min: 1, max: 256 });

export const probeRequest = v.variant(
  "do",
  [
    strictObject({ do: v.literal("repeat_private_reply"), replyId }),
    strictObject({ do: v.literal("public_reply"), replyId, text: string({ min: 1, max: 2200 }) }),
    strictObject({ do: v.literal("remove_public_reply"), replyId }),
  ],
  "must be one of repeat_private_reply, public_reply, remove_public_reply",
);
export type ProbeRequest = v.InferOutput<typeof probeRequest>;

export const probeAnswer = v.object({
  outcome: v.pipe(
    v.picklist(["accepted", "refused", "unknown", "scheduled", "removed"]),
    v.description(
      "`accepted`: Meta sent a second private reply. `refused`: Meta returned an error. `unknown`: Meta may have done it. `scheduled`: the public reply is in the ledger. `removed`: Meta deleted the comment.",
    ),
  ),
  code: v.pipe(v.nullable(v.string()), v.description("Meta's `code` or `code/subcode`; null without an error.")),
  replyId: v.pipe(v.string(), v.description("The reply; for `public_reply`, the new one.")),
  messageId: v.pipe(v.nullable(v.string()), v.description("Meta's id of what was sent or removed, if known.")),
});
export type ProbeAnswer = v.InferOutput<typeof probeAnswer>;
