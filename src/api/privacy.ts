import * as v from "valibot";
import { idText, strictObject } from "./building-blocks.ts";

export const newErasure = strictObject({
  id: v.pipe(
    idText(128),
    v.description(
      "Whose data to erase: the id of an account, the app-scoped id of a person who connected one, or the id of a person who wrote to one.",
    ),
  ),
});

const erasureEntries = {
  code: v.pipe(v.string(), v.description("The confirmation code.")),
  kind: v.picklist(["deauthorize", "deletion", "request"]),
  requestedAt: v.number(),
  finishedAt: v.pipe(v.nullable(v.number()), v.description("Null: in progress.")),
  erased: v.pipe(v.number(), v.description("Number of accounts that were erased.")),
  people: v.pipe(v.number(), v.description("Number of accounts from which the person was erased.")),
};

const storedErasure = v.object(erasureEntries);
export type Erasure = v.InferOutput<typeof storedErasure>;
/**
 * `deauthorize`: the app was removed. `deletion`: Meta forwarded a deletion request. `request`: a person asked the
 * operator directly.
 */
export type ErasureKind = Erasure["kind"];

export const erasure = v.object({
  ...erasureEntries,
  url: v.pipe(v.string(), v.description("The public status page. It needs only the code.")),
});
