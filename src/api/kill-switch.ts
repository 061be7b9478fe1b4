import * as v from "valibot";
import { boolean, strictObject, string } from "./building-blocks.ts";

/** A person has stopped all sending, of every account: nothing leaves, everything is captured. */
export const stop = v.object({ since: v.number(), reason: v.string() });
export type Stop = v.InferOutput<typeof stop>;

export const killSwitch = v.object({
  stop: v.pipe(v.nullable(stop), v.description("Null: replies leave as each account's settings say.")),
  accounts: v.number(),
  told: v.pipe(v.number(), v.description("How many of the accounts know; the rest hear of it within a minute or two.")),
});
export type KillSwitch = v.InferOutput<typeof killSwitch>;

export const killSwitchChange = strictObject({ stopped: boolean, reason: v.optional(string({ max: 300 }), "") });
