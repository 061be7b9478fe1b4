import { ok } from "../../../core/result.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { killSwitch, killSwitchChange } from "../../../api/kill-switch.ts";

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
    body: killSwitchChange,
    answer: { status: 200, schema: killSwitch },
    problems: [],
  },
  async ({ body, objects }) => {
    const stop = body.stopped ? { since: Date.now(), reason: body.reason } : null;
    return ok({ body: await objects.directory((directory) => directory.setKillSwitch(stop)) });
  },
);

export const killSwitchEndpoints: readonly Endpoint[] = [getKillSwitch, storeKillSwitch];
