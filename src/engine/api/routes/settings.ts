import { ok } from "../../../core/result.ts";
import type { Endpoint } from "../endpoint.ts";
import { settings, settingsPart } from "../../../api/settings.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";

const getSettings = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/settings",
    name: "getSettings",
    tag: "settings",
    summary: "Get an account's settings",
    params: accountParams,
    answer: { status: 200, schema: settings },
    problems: [],
  },
  async ({ account }) => ok({ body: await account.ask((stub) => stub.settings()) }),
);

const putSettings = accountEndpoint(
  {
    method: "PUT",
    path: "/api/accounts/:id/settings",
    name: "putSettings",
    tag: "settings",
    summary: "Change any part of an account's settings",
    description: "Values that are not in the body stay unchanged.",
    params: accountParams,
    body: settingsPart,
    answer: { status: 200, schema: settings },
    problems: [],
  },
  async ({ account, body }) => ok({ body: await account.ask((stub, id) => stub.changeSettings(id, body)) }),
);

export const settingsEndpoints: readonly Endpoint[] = [getSettings, putSettings];
