import * as v from "valibot";
import { err, ok } from "../../../core/result.ts";
import { examine } from "../../doctor/examine.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { accountId } from "../../../api/account.ts";
import { doctorReport } from "../../../api/doctor.ts";
import { strictObject } from "../../../api/building-blocks.ts";
import { accountNotFound } from "./known-account.ts";

const getDoctor = endpoint(
  {
    method: "GET",
    path: "/api/doctor",
    name: "getDoctor",
    tag: "doctor",
    summary: "Check the whole setup. Each finding has a fix",
    description: "Calls the deployment's public address and Meta. Takes one or two seconds.",
    query: strictObject({ account: v.exactOptional(v.pipe(accountId, v.description("Examine this account."))) }),
    answer: { status: 200, schema: doctorReport },
    problems: ["account_not_found"],
  },
  async ({ query: { account = null }, objects, config, env, url }) => {
    const ports = {
      objects,
      config,
      env,
      url,
      fetch: (to: string, init: RequestInit) => fetch(to, init),
      now: () => Date.now(),
    };
    const report = await examine(ports, account);
    return account !== null && report.accounts.length === 0 ? err(accountNotFound()) : ok({ body: report });
  },
);

export const doctorEndpoints: readonly Endpoint[] = [getDoctor];
