import * as v from "valibot";
import { EVENT_KINDS } from "../../../core/event.ts";
import type { Endpoint } from "../endpoint.ts";
import { eventItem } from "../../../api/event.ts";
import { pageEntries, pageOf, picklist, storedId, strictObject } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams, found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const NO_EVENT = "There is no such event; it may have been removed by age, or erased.";

/** An event's id is made of Meta's own, which may have any character: percent-encode it in the path. */
const eventId = v.pipe(storedId, v.description("Percent-encoded: `:`, `/`, `+` and `=` occur in it."));
const eventParams = v.object({ ...accountParams.entries, eventId });

const listEvents = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id/events",
    name: "listEvents",
    tag: "events",
    summary: "What was received, newest first, and what each automation decided",
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
    summary: "One event",
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
    summary: "Decide an event anew with today's automations",
    description: "What was answered stays answered: a replay never sends a second reply.",
    params: eventParams,
    answer: { status: 200, schema: eventItem },
    problems: ["not_found"],
  },
  async ({ account, params }) => found(await account.ask((stub, id) => stub.replay(id, params.eventId)), NO_EVENT),
);

export const eventEndpoints: readonly Endpoint[] = [listEvents, getEvent, replayEvent];
