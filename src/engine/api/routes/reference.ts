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
    summary: "List webhook fields with their login, permissions and included fields",
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
    summary: "Explain Meta's error codes, with advice for each",
    query: strictObject({
      codes: v.pipe(
        textOnce(2_000),
        v.description("Codes from `reason` of replies, comma separated: 190/463,551. Unknown codes are left out."),
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

/** Built at the first request, because it needs the whole table, including this endpoint. */
let description: ReturnType<typeof describeApi> | null = null;

/** @param endpoints returns the whole table, which is complete only after this endpoint is in it */
export function referenceEndpoints(endpoints: () => readonly Endpoint[]): readonly Endpoint[] {
  const getDescription = endpoint(
    {
      method: "GET",
      path: "/api/openapi.json",
      name: "getDescription",
      tag: "reference",
      summary: "Get this description as OpenAPI 3.1",
      answer: { status: 200, schema: v.record(v.string(), v.unknown()) },
      problems: [],
    },
    () => Promise.resolve(ok({ body: (description ??= describeApi(endpoints())) })),
  );
  return [listFields, explainErrors, getDescription];
}
