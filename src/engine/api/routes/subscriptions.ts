import * as v from "valibot";
import { err, ok, type Result } from "../../../core/result.ts";
import { checkFields } from "../../../meta/field-check.ts";
import type { SubscribedAppsError } from "../../account/contract.ts";
import type { AccountItem } from "../../../api/account.ts";
import type { Endpoint } from "../endpoint.ts";
import { invalid, type Problem, problem } from "../problem.ts";
import { flagText, pageOf, strictObject } from "../../../api/building-blocks.ts";
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
    summary: "Get the account's webhook fields from Meta (Graph subscribed_apps)",
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
    summary: "Subscribe to webhook fields of the account",
    description:
      "Replaces the list. An Instagram account with Facebook Login uses its Page's list, and the fields are added to it. " +
      "With Instagram Login, Meta's pages of 2026-10-20 say that fields are selected for the app and not for each " +
      "account: an account then receives every field that the app has in the App Dashboard. Check there too.",
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
    summary: "Unsubscribe from all webhook fields of the account",
    description:
      "A Page and its Instagram account share one subscription. While the other account is connected, this is refused with 409 `subscription_shared`. With `?force=true`, neither gets events until the check of the other account repairs it.",
    params: accountParams,
    query: strictObject({
      force: v.exactOptional(v.pipe(flagText, v.description("Also if another connected account shares it."))),
    }),
    answer: { status: 204 },
    problems: [...PROBLEMS, "subscription_shared"],
  },
  async ({ account, query, objects }) => {
    const sharing = query.force === true ? [] : await objects.directory((directory) => directory.sharing(account.id));
    if (sharing.length > 0) return err(shared(sharing));
    const result = await account.ask((stub, id) => stub.subscribedApps(id, { method: "DELETE" }));
    return result.ok ? ok({ body: null }) : err(subscriptionProblem(result.error));
  },
);

export const subscriptionEndpoints: readonly Endpoint[] = [getSubscriptions, postSubscriptions, deleteSubscriptions];

const shared = (others: readonly string[]): Problem =>
  problem(
    "subscription_shared",
    `A Page and its Instagram account share one subscription, and ${others.join(", ")} would get no events either. ` +
      "To unsubscribe both, add ?force=true.",
  );

/** The fields without duplicates; or the fields that this account cannot have, with alternatives. */
function subscribable({ login, platform }: AccountItem, fields: string[]): Result<string[], Problem> {
  if (login === null || platform === null) return err(subscriptionProblem({ reason: "not_connected" }));
  const checked = checkFields(login, platform, fields);
  if (checked.ok) return checked;
  const { error } = checked;
  if (error.reason !== "bad_fields") return err(invalid([{ field: "fields", message: error.message }]));
  const bad = error.fields.map(({ field, message }) => ({ field: `fields[${fields.indexOf(field)}]`, message }));
  const [first, ...others] = bad;
  return err(
    first === undefined ? problem("invalid", "These fields cannot be subscribed.") : invalid([first, ...others]),
  );
}

function subscriptionProblem(error: SubscribedAppsError): Problem {
  switch (error.reason) {
    case "not_connected":
      return problem("not_connected", "The account has no token. Connect it with PUT /api/accounts/:id.");
    case "refused":
      return problem("refused_by_meta", `Meta returned error ${error.code}. ${error.message}`);
    case "unreachable":
      return problem("meta_unreachable", `Meta is unreachable. ${error.message} Try again in a few seconds.`);
  }
}
