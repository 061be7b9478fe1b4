/// <reference types="vite/types/importMeta.d.ts" />
import { beforeEach, describe, expect, it } from "vitest";
import { EXPECTED, TIME_BASE } from "../payloads/expected.ts";
import { recorded, type Recorded } from "./bindings.ts";
import { logLines } from "./log-lines.ts";
import { signedRequest } from "./requests.ts";

const bodies = import.meta.glob<string>("../payloads/*.json", { query: "?raw", import: "default", eager: true });
const files = Object.keys(bodies).map((path) => path.replace("../payloads/", ""));

let receiver: Recorded;
beforeEach(() => {
  logLines();
  receiver = recorded();
});

describe("a signed delivery of a sample body", () => {
  it("is tried with all of them", () => {
    expect(files.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });

  it.each(files)("%s is accepted and queued as its row says", async (file) => {
    const body = bodies[`../payloads/${file}`] ?? "";
    const expected = EXPECTED[file] ?? [];
    const before = Date.now();
    const response = await receiver.fetch(await signedRequest(body));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ received: expected.length, duplicates: 0 });
    const object = file.split(".")[0];
    const deliveryId = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(receiver.queue.events).toEqual(
      expected.map(([kind, field, accountId, afterBaseMs, key]) => ({
        v: 1,
        id: `${object}:${accountId}:${kind}:${key}`,
        accountId,
        object,
        kind,
        field,
        occurredAt: TIME_BASE + afterBaseMs,
        receivedAt: expect.toSatisfy((at: number) => at >= before && at <= Date.now()),
        deliveryId,
        test: accountId === "0",
        raw: expect.any(String),
        proof: { secret: "instagram", form: "raw" },
      })),
    );
  });

  it.each(files)("%s is recognized when it is repeated", async (file) => {
    const body = bodies[`../payloads/${file}`] ?? "";
    const received = EXPECTED[file]?.length ?? 0;
    await receiver.fetch(await signedRequest(body));
    const queued = receiver.queue.events.length;
    const response = await receiver.fetch(await signedRequest(body));
    expect(await response.json()).toEqual({ received, duplicates: received });
    expect(receiver.queue.events).toHaveLength(queued);
  });
});
