import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import type { KillSwitch } from "../../directory/contract.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { closed, flag, text } from "../schema/common.ts";

const killSwitch = v.object({
  stop: v.pipe(
    v.nullable(v.object({ since: v.number(), reason: v.string() })),
    v.description("Null: replies leave as each account's settings say."),
  ),
  accounts: v.number(),
  told: v.pipe(v.number(), v.description("How many of the accounts know; the rest hear of it within a minute or two.")),
}) satisfies v.GenericSchema<unknown, KillSwitch>;

const getKillSwitch = endpoint(
  {
    method: "GET",
    path: "/api/incident",
    name: "getIncident",
    tag: "incident",
    summary: "Whether all sending is stopped",
    answer: { status: 200, schema: killSwitch },
    problems: [],
  },
  async ({ objects }) => ok({ body: await objects.directory((directory) => directory.killSwitch()) }),
);

const storeKillSwitch = endpoint(
  {
    method: "PUT",
    path: "/api/incident",
    name: "putIncident",
    tag: "incident",
    summary: "Stop all sending, of every account, or go on",
    description:
      "Everything is still captured and scheduled. What goes on later goes on within Meta's limits; what is past its " +
      "window by then has expired. One account alone is stopped with `sending` in its settings.",
    body: closed({ stopped: flag, reason: v.optional(text({ max: 300 }), "") }),
    answer: { status: 200, schema: killSwitch },
    problems: [],
  },
  async ({ body, objects }) => {
    const stop = body.stopped ? { since: Date.now(), reason: body.reason } : null;
    return ok({ body: await objects.directory((directory) => directory.setKillSwitch(stop)) });
  },
);

export const killSwitchEndpoints: readonly Endpoint[] = [getKillSwitch, storeKillSwitch];
