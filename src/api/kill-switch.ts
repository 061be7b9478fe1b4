import * as v from "valibot";
import { boolean, strictObject, string } from "./building-blocks.ts";

/** An operator has stopped sending for all accounts: nothing is sent, events are still recorded. */
export const stop = v.object({ since: v.number(), reason: v.string() });
export type Stop = v.InferOutput<typeof stop>;

export const killSwitch = v.object({
  stop: v.pipe(v.nullable(stop), v.description("Null: sending follows the settings of each account.")),
  accounts: v.number(),
  told: v.pipe(
    v.number(),
    v.description("How many accounts have the current state. The others get it within one or two minutes."),
  ),
});
export type KillSwitch = v.InferOutput<typeof killSwitch>;

export const killSwitchChange = strictObject({ stopped: boolean, reason: v.optional(string({ max: 300 }), "") });
