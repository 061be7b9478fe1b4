import * as v from "valibot";
import { EVENT_KINDS } from "../../../core/event.ts";
import { ok } from "../../../core/result.ts";
import { FEED_OUTCOMES } from "../../../api/feed.ts";
import type { Endpoint } from "../endpoint.ts";
import { day, feedPage } from "../../../api/feed.ts";
import { numberText, pageEntries, picklist, strictObject, textOnce } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const getFeed = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/feed",
    name: "getFeed",
    tag: "events",
    summary: "List events as short rows with their results: the console's live feed",
    params: accountParams,
    query: strictObject({
      ...pageEntries,
      kind: v.exactOptional(picklist(EVENT_KINDS)),
      outcome: v.exactOptional(
        v.pipe(picklist(FEED_OUTCOMES), v.description("`failed`: a reply was refused, expired, or is uncertain.")),
      ),
      search: v.exactOptional(v.pipe(textOnce(200), v.minLength(1), v.description("Searched in the raw event."))),
      before: v.exactOptional(
        v.pipe(numberText(0, 999_999_999), v.description("Only events before this `seq`. Ignored with `cursor`.")),
      ),
      after: v.exactOptional(
        v.pipe(
          numberText(0, 999_999_999),
          v.description("Only events after this `seq`, oldest first, to catch up. `cursor` is then ignored."),
        ),
      ),
    }),
    answer: { status: 200, schema: feedPage },
    problems: [],
  },
  async ({ account, query }) => {
    let newest = 0;
    const page = await respondWithPage(`feed ${account.id}`, query, async (asked) => {
      const found = await account.ask((stub, id) => stub.feed(id, asked));
      newest = found.newest;
      return found;
    });
    return page.ok ? ok({ body: { ...page.value.body, newest } }) : page;
  },
);

const getDay = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/day",
    name: "getDay",
    tag: "events",
    summary: "Count events and replies of the last 24 hours, by hour",
    params: accountParams,
    answer: { status: 200, schema: day },
    problems: [],
  },
  async ({ account }) => ok({ body: await account.ask((stub) => stub.day()) }),
);

export const feedEndpoints: readonly Endpoint[] = [getFeed, getDay];
