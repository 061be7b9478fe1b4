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
    summary: "What the account answers: the whole list, in order",
    params: accountParams,
    answer: { status: 200, schema: versionedAutomations },
    problems: [],
  },
  async ({ account }) => ok({ body: wholeList(await account.ask((stub) => stub.automations())) }),
);

const wrapped = strictObject({ items: automations, version: v.exactOptional(version) });

/** `{"items":[…],"version"?}`, or the list alone. */
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
      "With `version`, as read before, the list is replaced only if nobody has saved another one since. Without it, always.",
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
        `The list has been saved meanwhile and is at version ${saved.error.version}. Read it again and repeat the change.`,
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
    summary: "Every version that is kept, newest first: what changed, and the way back",
    params: accountParams,
    answer: { status: 200, schema: pageOf(automationVersion) },
    problems: [],
  },
  async ({ account }) => {
    const items = await account.ask((stub) => stub.automationVersions());
    return ok({ body: { items, nextCursor: null } });
  },
);

/** Events are decided one by one; a thousand take a moment, and show what a draft does. */
const MAX_BACKTEST_EVENTS = 1_000;

const backtestAutomation = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/automations/backtest",
    name: "backtestAutomation",
    tag: "automations",
    summary: "Try a draft against the events captured already: what would have fired, and why the rest would not",
    params: accountParams,
    query: strictObject({
      limit: v.optional(
        v.pipe(numberText(1, MAX_BACKTEST_EVENTS), v.description("How many of the newest events to try.")),
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

/** @param platform null: not connected yet, so the platform with the longer texts is assumed */
function checkList(items: readonly Automation[], platform: Platform | null): FieldProblem[] {
  return checkAutomations(items, limitsOf(platform)).map(({ path, message }) => ({
    field: `automations${path}`,
    message,
  }));
}

/** The same for one automation that is not saved. */
function checkDraft(draft: Automation, platform: Platform | null): FieldProblem[] {
  return checkAutomation(draft, limitsOf(platform)).map(({ path, message }) => ({ field: path, message }));
}

const limitsOf = (platform: Platform | null) => automationLimits(platform ?? "page");
