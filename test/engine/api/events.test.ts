import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { EVENT_KINDS } from "../../../src/core/event.ts";
import { eventItem as eventSchema } from "../../../src/api/event.ts";
import { ACCOUNT_ID, badFields, call, eventItem, fakeEnv, refusal } from "./fakes.ts";

const EVENTS = `/api/accounts/${ACCOUNT_ID}/events`;

/** Ids that a path could lose or change. */
const AWKWARD_IDS = [
  `instagram:${ACCOUNT_ID}:message:aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE+/xyz==`,
  "page:1:message:m_AbC-d/e+f==",
  "a/b",
  "a/replay",
  "..%2F..",
  "100%",
  "%41",
  "%2541",
  "a?b#c&d",
  "ünï:ço∂é",
  ":",
  "+",
  "two words\n",
  "x".repeat(2048),
];

describe("an event", () => {
  it("is returned with the decision of each automation", async () => {
    const event = vi.fn(async () => eventItem());
    const response = await call(fakeEnv({ account: { event } }), `GET ${EVENTS}/e-1`);
    expect(response.status).toBe(200);
    expect(v.parse(v.strictObject(eventSchema.entries), await response.json())).toEqual(eventItem());
    expect(event).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, "e-1");
  });

  it.each(AWKWARD_IDS)("is found by its id %.60s, percent-encoded", async (id) => {
    const event = vi.fn(async () => eventItem({ id }));
    const replay = vi.fn(async () => eventItem({ id }));
    const env = fakeEnv({ account: { event, replay } });
    const path = `${EVENTS}/${encodeURIComponent(id)}`;
    for (const route of [`GET ${path}`, `POST ${path}/replay`]) {
      const response = await call(env, route);
      expect(response.status, route).toBe(200);
      expect(await response.json()).toMatchObject({ id });
    }
    expect(event).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, id);
    expect(replay).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, id);
  });

  it("is found by an id with unencoded colons and padding, as people paste it", async () => {
    const event = vi.fn(async () => eventItem());
    const id = `instagram:${ACCOUNT_ID}:message:aWdf+abc==`;
    expect((await call(fakeEnv({ account: { event } }), `GET ${EVENTS}/${id}`)).status).toBe(200);
    expect(event).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, id);
  });

  it("that does not exist returns 404", async () => {
    const env = fakeEnv({ account: { event: async () => null, replay: async () => null } });
    for (const route of [`GET ${EVENTS}/e-1`, `POST ${EVENTS}/e-1/replay`]) {
      expect(await refusal(await call(env, route))).toMatchObject({ status: 404, code: "not_found" });
    }
  });

  it("cannot have an id that is longer than any stored id", async () => {
    expect(await badFields(await call(fakeEnv(), `GET ${EVENTS}/${"x".repeat(2049)}`))).toEqual(["eventId"]);
  });
});

describe("the list of events", () => {
  it.each(EVENT_KINDS)("can be filtered by the kind %s", async (kind) => {
    const events = vi.fn(async () => ({ items: [], nextCursor: null }));
    expect((await call(fakeEnv({ account: { events } }), `GET ${EVENTS}?kind=${kind}`)).status).toBe(200);
    expect(events).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, { kind, limit: 50 });
  });

  it("returns the known kinds for an unknown kind", async () => {
    const { fields } = await refusal(await call(fakeEnv(), `GET ${EVENTS}?kind=comments`));
    expect(fields).toEqual([
      { field: "kind", message: expect.stringContaining("comment, live_comment, mention") as string },
    ]);
  });
});
