import { err, ok, type Result } from "../../../core/result.ts";
import { checkFields } from "../../../meta/field-check.ts";
import type { SubscribedAppsError } from "../../account/contract.ts";
import type { AccountItem } from "../../../api/account.ts";
import type { Endpoint } from "../endpoint.ts";
import { invalid, type Problem, problem } from "../problem.ts";
import { pageOf } from "../../../api/building-blocks.ts";
import { subscribedApp, subscription } from "../../../api/subscription.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";

const PATH = "/api/accounts/:id/subscriptions";
const PROBLEMS = ["not_connected", "refused_by_meta", "meta_unreachable"] as const;

const getSubscriptions = accountEndpoint(
  {
    method: "GET",
    path: PATH,
    name: "getSubscriptions",
    tag: "accounts",
    summary: "Which fields of the account Meta sends, as Meta says it (Graph subscribed_apps)",
    params: accountParams,
    answer: { status: 200, schema: pageOf(subscribedApp) },
    problems: PROBLEMS,
  },
  async ({ account }) => {
    const result = await account.ask((stub, id) => stub.subscribedApps(id, { method: "GET" }));
    return result.ok
      ? ok({ body: { items: result.value.apps, nextCursor: null } })
      : err(subscriptionProblem(result.error));
  },
);

const postSubscriptions = accountEndpoint(
  {
    method: "POST",
    path: PATH,
    name: "postSubscriptions",
    tag: "accounts",
    summary: "Let Meta send these fields of the account",
    description:
      "Sets the list. Of an Instagram account behind a Page it is the Page's list, and these fields are added to it.",
    params: accountParams,
    body: subscription,
    answer: { status: 200, schema: subscription },
    problems: PROBLEMS,
  },
  async ({ account, body: { fields } }) => {
    const checked = subscribable(account.item, fields);
    if (!checked.ok) return err(checked.error);
    const request = { method: "POST", fields: checked.value } as const;
    const result = await account.ask((stub, id) => stub.subscribedApps(id, request));
    return result.ok ? ok({ body: { fields: request.fields } }) : err(subscriptionProblem(result.error));
  },
);

const deleteSubscriptions = accountEndpoint(
  {
    method: "DELETE",
    path: PATH,
    name: "deleteSubscriptions",
    tag: "accounts",
    summary: "Let Meta send nothing more of the account",
    description:
      "A Page and the Instagram account behind it share one subscription: both go silent, until the other is compared.",
    params: accountParams,
    answer: { status: 204 },
    problems: PROBLEMS,
  },
  async ({ account }) => {
    const result = await account.ask((stub, id) => stub.subscribedApps(id, { method: "DELETE" }));
    return result.ok ? ok({ body: null }) : err(subscriptionProblem(result.error));
  },
);

export const subscriptionEndpoints: readonly Endpoint[] = [getSubscriptions, postSubscriptions, deleteSubscriptions];

/** The fields, each once; or which of them this account cannot have, and what to take instead. */
function subscribable({ login, platform }: AccountItem, fields: string[]): Result<string[], Problem> {
  if (login === null || platform === null) return err(subscriptionProblem({ reason: "not_connected" }));
  const checked = checkFields(login, platform, fields);
  if (checked.ok) return checked;
  const { error } = checked;
  if (error.reason !== "bad_fields") return err(invalid([{ field: "fields", message: error.message }]));
  const bad = error.fields.map(({ field, message }) => ({ field: `fields[${fields.indexOf(field)}]`, message }));
  const [first, ...others] = bad;
  return err(
    first === undefined ? problem("invalid", "These fields cannot be subscribed to.") : invalid([first, ...others]),
  );
}

function subscriptionProblem(error: SubscribedAppsError): Problem {
  switch (error.reason) {
    case "not_connected":
      return problem("not_connected", "The account has no token. Connect it with PUT /api/accounts/:id.");
    case "refused":
      return problem("refused_by_meta", `Meta refused with error ${error.code}. ${error.message}`);
    case "unreachable":
      return problem("meta_unreachable", `Meta could not be asked. ${error.message} Ask again in a moment.`);
  }
}
