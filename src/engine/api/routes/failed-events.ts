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

const NO_DELIVERY = "There is no such quarantined delivery; it may have been discarded or erased.";
const NO_LETTER = "There is no such dead letter; it may have been discarded or erased, or delivered a month ago.";

const listQuarantine = endpoint(
  {
    method: "GET",
    path: "/api/quarantine",
    name: "listQuarantine",
    tag: "kept",
    summary: "Signed deliveries, or parts of them, that could not be read",
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
    summary: "One of them",
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
    summary: "Read it again with today's reader, and hand its events to their accounts",
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
    summary: "Remove it for good",
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
    summary: "Events that could not be given to their account within all retries",
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
    summary: "Hand the event to its account once more",
    params,
    answer: { status: 200, schema: deadLetterReplay },
    problems: ["not_found", "replay_failed"],
  },
  async ({ params: { id }, objects }) => {
    const replayed = await objects.directory((directory) => directory.replayDeadLetter(id));
    if (replayed !== null && "error" in replayed) {
      return err(problem("replay_failed", `The account did not take the event: ${replayed.error}`));
    }
    return found(replayed, NO_LETTER);
  },
);

const discardDeadLetter = endpoint(
  {
    method: "DELETE",
    path: "/api/dead-letters/:id",
    name: "discardDeadLetter",
    tag: "kept",
    summary: "Remove it for good",
    params,
    answer: { status: 204 },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    gone(await objects.directory((directory) => directory.discardDeadLetter(id)), NO_LETTER),
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
