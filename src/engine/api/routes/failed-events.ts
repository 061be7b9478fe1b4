import * as v from "valibot";
import { err, ok, type Result } from "../../../core/result.ts";
import { type Answer, endpoint, type Endpoint } from "../endpoint.ts";
import { type Problem, problem } from "../problem.ts";
import { deadLetter, deadLetterReplay, quarantineItem, quarantineReplay } from "../../../api/failed-events.ts";
import { pageEntries, pageOf, storedId, strictObject } from "../../../api/building-blocks.ts";
import { found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const params = v.object({ id: storedId });
const pageQuery = strictObject(pageEntries);

const NO_DELIVERY = "Quarantined delivery not found. It may be discarded or erased.";
const NO_DEAD_LETTER = "Dead letter not found. It may be discarded, erased, or replayed more than a month ago.";

const listQuarantine = endpoint(
  {
    method: "GET",
    path: "/api/quarantine",
    name: "listQuarantine",
    tag: "kept",
    summary: "List the quarantine: signed deliveries, or parts of them, that could not be parsed",
    query: pageQuery,
    answer: { status: 200, schema: pageOf(quarantineItem) },
    problems: [],
  },
  ({ query, objects }) =>
    respondWithPage("quarantine", query, (asked) => objects.directory((directory) => directory.quarantined(asked))),
);

const getQuarantineItem = endpoint(
  {
    method: "GET",
    path: "/api/quarantine/:id",
    name: "getQuarantineItem",
    tag: "kept",
    summary: "Get one quarantined delivery",
    params,
    answer: { status: 200, schema: quarantineItem },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    found(await objects.directory((directory) => directory.quarantineItem(id)), NO_DELIVERY),
);

const replayQuarantineItem = endpoint(
  {
    method: "POST",
    path: "/api/quarantine/:id/replay",
    name: "replayQuarantineItem",
    tag: "kept",
    summary: "Parse a quarantined delivery again and deliver its events to their accounts",
    params,
    answer: { status: 200, schema: quarantineReplay },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    found(await objects.directory((directory) => directory.replayQuarantined(id)), NO_DELIVERY),
);

const discardQuarantineItem = endpoint(
  {
    method: "DELETE",
    path: "/api/quarantine/:id",
    name: "discardQuarantineItem",
    tag: "kept",
    summary: "Delete a quarantined delivery permanently",
    params,
    answer: { status: 204 },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    gone(await objects.directory((directory) => directory.discardQuarantined(id)), NO_DELIVERY),
);

const listDeadLetters = endpoint(
  {
    method: "GET",
    path: "/api/dead-letters",
    name: "listDeadLetters",
    tag: "kept",
    summary: "List dead letters: events that could not be delivered to their account within all retries",
    query: pageQuery,
    answer: { status: 200, schema: pageOf(deadLetter) },
    problems: [],
  },
  ({ query, objects }) =>
    respondWithPage("dead-letters", query, (asked) => objects.directory((directory) => directory.deadLetters(asked))),
);

const replayDeadLetter = endpoint(
  {
    method: "POST",
    path: "/api/dead-letters/:id/replay",
    name: "replayDeadLetter",
    tag: "kept",
    summary: "Deliver the event of a dead letter to its account again",
    params,
    answer: { status: 200, schema: deadLetterReplay },
    problems: ["not_found", "replay_failed"],
  },
  async ({ params: { id }, objects }) => {
    const replayed = await objects.directory((directory) => directory.replayDeadLetter(id));
    if (replayed !== null && "error" in replayed) {
      return err(problem("replay_failed", `The account did not accept the event: ${replayed.error}`));
    }
    return found(replayed, NO_DEAD_LETTER);
  },
);

const discardDeadLetter = endpoint(
  {
    method: "DELETE",
    path: "/api/dead-letters/:id",
    name: "discardDeadLetter",
    tag: "kept",
    summary: "Delete a dead letter permanently",
    params,
    answer: { status: 204 },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    gone(await objects.directory((directory) => directory.discardDeadLetter(id)), NO_DEAD_LETTER),
);

export const failedEventEndpoints: readonly Endpoint[] = [
  listQuarantine,
  getQuarantineItem,
  replayQuarantineItem,
  discardQuarantineItem,
  listDeadLetters,
  replayDeadLetter,
  discardDeadLetter,
];

function gone(existed: boolean, missing: string): Result<Answer<null>, Problem> {
  return existed ? ok({ body: null }) : found<null>(null, missing);
}
