import * as v from "valibot";
import type { Automation } from "../../../core/automation/automation.ts";
import { err, ok } from "../../../core/result.ts";
import {
  type Versioned,
  automationDraft,
  automations,
  automationVersion,
  backtest,
  version,
  versionedAutomations,
} from "../../../api/automation.ts";
import type { Endpoint } from "../endpoint.ts";
import { invalid, problem, type FieldProblem } from "../problem.ts";
import { numberText, pageOf, strictObject } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";
import { checkAutomation, checkAutomations } from "../../../core/automation/validate.ts";
import { automationLimits } from "../../../meta/limits.ts";
import type { Platform } from "../../../meta/graph/request.ts";

const getAutomations = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/automations",
    name: "getAutomations",
    tag: "automations",
    summary: "Get the account's automations: the whole list, in order",
    params: accountParams,
    answer: { status: 200, schema: versionedAutomations },
    problems: [],
  },
  async ({ account }) => ok({ body: wholeList(await account.ask((stub) => stub.automations())) }),
);

const wrapped = strictObject({ items: automations, version: v.exactOptional(version) });

/** `{"items":[…],"version"?}`, or only the list. */
const automationsBody = v.pipe(
  v.unknown(),
  v.transform((body) => (Array.isArray(body) ? { items: body as unknown[] } : body)),
  wrapped,
);

const putAutomations = accountEndpoint(
  {
    method: "PUT",
    path: "/api/accounts/:id/automations",
    name: "putAutomations",
    tag: "automations",
    summary: "Replace the whole list",
    description:
      "With `version` from a previous read, the list is replaced only if it was not saved since then. Without it, always.",
    params: accountParams,
    body: automationsBody,
    bodyShape: v.union([wrapped, automations]),
    bodyFieldNames: { items: "automations" },
    answer: { status: 200, schema: versionedAutomations },
    problems: ["version_conflict"],
  },
  async ({ account, body }) => {
    const [first, ...others] = checkList(body.items, account.item.platform);
    if (first !== undefined) return err(invalid([first, ...others]));
    const saved = await account.ask((stub, id) => stub.putAutomations(id, body.items, body.version ?? null));
    if (saved.ok) return ok({ body: wholeList(saved.value) });
    return err(
      problem(
        "version_conflict",
        `The list was changed and is now at version ${saved.error.version}. Read it again and repeat your change.`,
      ),
    );
  },
);

const listAutomationVersions = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/automations/versions",
    name: "listAutomationVersions",
    tag: "automations",
    summary: "List the saved versions, newest first, to compare or restore them",
    params: accountParams,
    answer: { status: 200, schema: pageOf(automationVersion) },
    problems: [],
  },
  async ({ account }) => {
    const items = await account.ask((stub) => stub.automationVersions());
    return ok({ body: { items, nextCursor: null } });
  },
);

/** Events are evaluated one by one. A thousand take a moment, and are enough to judge a draft. */
const MAX_BACKTEST_EVENTS = 1_000;

const backtestAutomation = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/automations/backtest",
    name: "backtestAutomation",
    tag: "automations",
    summary: "Test a draft with stored events: which would trigger it, and why the others would not",
    params: accountParams,
    query: strictObject({
      limit: v.optional(
        v.pipe(numberText(1, MAX_BACKTEST_EVENTS), v.description("How many of the newest events to test.")),
        "200",
      ),
    }),
    body: automationDraft,
    answer: { status: 200, schema: backtest },
    problems: [],
  },
  async ({ account, body, query }) => {
    const [first, ...others] = checkDraft(body, account.item.platform);
    if (first !== undefined) return err(invalid([first, ...others]));
    return ok({ body: await account.ask((stub, id) => stub.backtest(id, body, query.limit)) });
  },
);

export const automationEndpoints: readonly Endpoint[] = [
  getAutomations,
  putAutomations,
  listAutomationVersions,
  backtestAutomation,
];

function wholeList(list: Versioned<Automation[]>): v.InferOutput<typeof versionedAutomations> {
  return { items: list.items, nextCursor: null, version: list.version, updatedAt: list.updatedAt };
}

/** @param platform null: not connected yet, so the limits of the platform with longer texts apply */
function checkList(items: readonly Automation[], platform: Platform | null): FieldProblem[] {
  return checkAutomations(items, limitsOf(platform)).map(({ path, message }) => ({
    field: `automations${path}`,
    message,
  }));
}

/** The same check for one unsaved automation. */
function checkDraft(draft: Automation, platform: Platform | null): FieldProblem[] {
  return checkAutomation(draft, limitsOf(platform)).map(({ path, message }) => ({ field: path, message }));
}

const limitsOf = (platform: Platform | null) => automationLimits(platform ?? "page");
