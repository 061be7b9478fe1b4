import * as v from "valibot";
import { EVENT_KINDS } from "../../../core/event.ts";
import type { Endpoint } from "../endpoint.ts";
import { eventItem } from "../../../api/event.ts";
import { pageEntries, pageOf, picklist, storedId, strictObject } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams, found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const NO_EVENT = "Event not found. It may be past the retention period, or erased.";

/** An event's id contains Meta's id, which may have any character. Percent-encode it in the path. */
const eventId = v.pipe(storedId, v.description("Percent-encoded, because it can contain `:`, `/`, `+` and `=`."));
const eventParams = v.object({ ...accountParams.entries, eventId });

const listEvents = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/events",
    name: "listEvents",
    tag: "events",
    summary: "List events, newest first, with the decision of each automation",
    params: accountParams,
    query: strictObject({ ...pageEntries, kind: v.exactOptional(picklist(EVENT_KINDS)) }),
    answer: { status: 200, schema: pageOf(eventItem) },
    problems: [],
  },
  ({ account, query }) =>
    respondWithPage(`events ${account.id}`, query, (asked) => account.ask((stub, id) => stub.events(id, asked))),
);

const getEvent = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/events/:eventId",
    name: "getEvent",
    tag: "events",
    summary: "Get one event",
    params: eventParams,
    answer: { status: 200, schema: eventItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub, id) => stub.event(id, params.eventId)), NO_EVENT),
);

const replayEvent = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/events/:eventId/replay",
    name: "replayEvent",
    tag: "events",
    summary: "Evaluate an event again with the current automations",
    description: "A replay never sends a second reply.",
    params: eventParams,
    answer: { status: 200, schema: eventItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub, id) => stub.replay(id, params.eventId)), NO_EVENT),
);

export const eventEndpoints: readonly Endpoint[] = [listEvents, getEvent, replayEvent];
