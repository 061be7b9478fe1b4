import * as v from "valibot";
import type { Erasure } from "../../directory/contract.ts";
import { closed, idText } from "./common.ts";

export const newErasure = closed({
  id: v.pipe(
    idText(128),
    v.description(
      "Whose data: the id of an account, the app-scoped id of somebody who connected one, or the id of a person who wrote to one.",
    ),
  ),
});

const erasureEntries = {
  code: v.pipe(v.string(), v.description("The confirmation code.")),
  kind: v.picklist(["deauthorize", "deletion", "request"]),
  requestedAt: v.number(),
  finishedAt: v.pipe(v.nullable(v.number()), v.description("Null: still under way.")),
  erased: v.pipe(v.number(), v.description("Accounts erased as a whole.")),
  people: v.pipe(v.number(), v.description("Accounts from which the person was erased.")),
};

v.object(erasureEntries) satisfies v.GenericSchema<unknown, Erasure>;

export const erasure = v.object({
  ...erasureEntries,
  url: v.pipe(v.string(), v.description("Where anybody with the code sees its state.")),
});
