import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { describeApi } from "../openapi.ts";

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
  return [getDescription];
}
