import * as v from "valibot";
import { err, ok } from "../../../core/result.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { problem } from "../problem.ts";
import { deadLetter, deadLetterReplay, quarantineItem, quarantineReplay } from "../../../api/failed-events.ts";
import { type Page, pageEntries, pageOf, storedId, strictObject } from "../../../api/building-blocks.ts";
import type { DirectoryRpc } from "../../object-rpc.ts";
import { found } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const params = v.object({ id: storedId });
const pageQuery = strictObject(pageEntries);

const NO_DELIVERY = "Quarantined delivery not found. It may be discarded or erased.";
const NO_DEAD_LETTER = "Dead letter not found. It may be discarded, erased, or replayed more than a month ago.";

/** What quarantine and dead letters have in common: a list, and a way to discard what is in it. */
function listed<S extends v.GenericSchema>(kind: {
  path: string;
  /** As in the operations' names: `listQuarantine`. */
  names: { list: string; discard: string };
  summaries: { list: string; discard: string };
  item: S;
  missing: string;
  read: (asked: v.InferOutput<typeof pageQuery>, directory: DirectoryRpc) => Promise<Page<v.InferOutput<S>>>;
  discard: (id: string, directory: DirectoryRpc) => Promise<boolean>;
}): { list: Endpoint; discard: Endpoint } {
  const list = endpoint(
    {
      method: "GET",
      path: `/api/${kind.path}`,
      name: kind.names.list,
      tag: "kept",
      summary: kind.summaries.list,
      query: pageQuery,
      answer: { status: 200, schema: pageOf(kind.item) },
      problems: [],
    },
    ({ query, objects }) =>
      respondWithPage(kind.path, query, (asked) => objects.directory((directory) => kind.read(asked, directory))),
  );
  const discard = endpoint(
    {
      method: "DELETE",
      path: `/api/${kind.path}/:id`,
      name: kind.names.discard,
      tag: "kept",
      summary: kind.summaries.discard,
      params,
      answer: { status: 204 },
      problems: ["not_found"],
    },
    async ({ params: { id }, objects }) => {
      const existed = await objects.directory((directory) => kind.discard(id, directory));
      return existed ? ok({ body: null }) : found<null>(null, kind.missing);
    },
  );
  return { list, discard };
}

const quarantine = listed({
  path: "quarantine",
  names: { list: "listQuarantine", discard: "discardQuarantineItem" },
  summaries: {
    list: "List the quarantine: signed deliveries, or parts of them, that could not be parsed",
    discard: "Delete a quarantined delivery permanently",
  },
  item: quarantineItem,
  missing: NO_DELIVERY,
  read: (asked, directory) => directory.quarantined(asked),
  discard: (id, directory) => directory.discardQuarantined(id),
});

const deadLetters = listed({
  path: "dead-letters",
  names: { list: "listDeadLetters", discard: "discardDeadLetter" },
  summaries: {
    list: "List dead letters: events that could not be delivered to their account within all retries",
    discard: "Delete a dead letter permanently",
  },
  item: deadLetter,
  missing: NO_DEAD_LETTER,
  read: (asked, directory) => directory.deadLetters(asked),
  discard: (id, directory) => directory.discardDeadLetter(id),
});

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

export const failedEventEndpoints: readonly Endpoint[] = [
  quarantine.list,
  getQuarantineItem,
  replayQuarantineItem,
  quarantine.discard,
  deadLetters.list,
  replayDeadLetter,
  deadLetters.discard,
];
