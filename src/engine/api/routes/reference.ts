import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import { explain } from "../../../meta/errors/lookup.ts";
import { WEBHOOK_FIELDS } from "../../../meta/fields.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { describeApi } from "../openapi.ts";
import { pageOf, strictObject, textOnce } from "../../../api/building-blocks.ts";
import { errorExplanation } from "../../../api/reply.ts";
import { setup, webhookField } from "../../../api/subscription.ts";

const listFields = endpoint(
  {
    method: "GET",
    path: "/api/fields",
    name: "listFields",
    tag: "reference",
    summary: "Webhook fields: for which login, with which permissions, and what comes with what",
    query: strictObject({ setup: v.exactOptional(setup) }),
    answer: { status: 200, schema: pageOf(webhookField) },
    problems: [],
  },
  ({ query }) => {
    const items = WEBHOOK_FIELDS.filter((row) => query.setup === undefined || row.setup === query.setup);
    return Promise.resolve(ok({ body: { items, nextCursor: null } }));
  },
);

const explainErrors = endpoint(
  {
    method: "GET",
    path: "/api/errors",
    name: "explainErrors",
    tag: "reference",
    summary: "What Meta's error codes mean, and what a person can do about each",
    query: strictObject({
      codes: v.pipe(
        textOnce(2_000),
        v.description(
          "Codes as replies show them in `reason`, comma separated: 190/463,551. Unknown ones are left out.",
        ),
      ),
    }),
    answer: { status: 200, schema: pageOf(errorExplanation) },
    problems: [],
  },
  ({ query }) => {
    const items = [...new Set(query.codes.split(","))].flatMap((code) => {
      const row = explain(code.trim());
      if (row === null) return [];
      const { reason, meaning, advice } = row;
      return [{ code: code.trim(), reason, meaning, advice }];
    });
    return Promise.resolve(ok({ body: { items, nextCursor: null } }));
  },
);

/** Built when first asked for: it takes the whole table, this endpoint among it. */
let description: ReturnType<typeof describeApi> | null = null;

/** @param endpoints gives the whole table, which is complete only after this one is in it */
export function referenceEndpoints(endpoints: () => readonly Endpoint[]): readonly Endpoint[] {
  const getDescription = endpoint(
    {
      method: "GET",
      path: "/api/openapi.json",
      name: "getDescription",
      tag: "reference",
      summary: "This description, OpenAPI 3.1",
      answer: { status: 200, schema: v.record(v.string(), v.unknown()) },
      problems: [],
    },
    () => Promise.resolve(ok({ body: (description ??= describeApi(endpoints())) })),
  );
  return [listFields, explainErrors, getDescription];
}
