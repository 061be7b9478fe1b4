import { ok } from "../../../core/result.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { killSwitch, killSwitchChange } from "../../../api/kill-switch.ts";

const getKillSwitch = endpoint(
  {
    method: "GET",
    path: "/api/incident",
    name: "getIncident",
    tag: "incident",
    summary: "Get whether all sending is stopped",
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
    summary: "Stop or resume sending for all accounts",
    description:
      "Events are still recorded and replies scheduled. After a resume, Meta's rate limits apply, and replies past their " +
      "window have expired. To stop one account, use `sending` in its settings.",
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
