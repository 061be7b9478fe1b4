import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import { WEBHOOK_FIELDS } from "../../../meta/fields.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { describeApi } from "../openapi.ts";
import { pageOf } from "../schema/list.ts";
import { setup, webhookField } from "../schema/subscription.ts";
import { closed } from "../schema/words.ts";

const listFields = endpoint(
  {
    method: "GET",
    path: "/api/fields",
    name: "listFields",
    tag: "reference",
    summary: "Webhook fields: for which login, with which permissions, and what comes with what",
    query: closed({ setup: v.exactOptional(setup) }),
    answer: { status: 200, schema: pageOf(webhookField) },
    problems: [],
  },
  ({ query }) => {
    const items = WEBHOOK_FIELDS.filter((row) => query.setup === undefined || row.setup === query.setup);
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
  return [listFields, getDescription];
}
