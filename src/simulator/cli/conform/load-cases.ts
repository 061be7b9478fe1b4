import { toWire } from "../../notifications/wire-format.ts";
import { crowd, singleComment } from "./case-notifications.ts";
import { accepted, fail, pass, type Case, type Finding } from "./conform-case.ts";
import type { ProbeResponse } from "./probe.ts";

const group = "Load";

/** Passes if every response is 200 and within the deadline. */
function all(response: readonly ProbeResponse[]): Finding {
  const bad = response.map(accepted).find(({ outcome }) => outcome !== "pass");
  if (bad !== undefined) return fail(bad.detail);
  const slowest = Math.max(...response.map(({ durationMs }) => durationMs));
  return pass(`${response.length} accepted, the slowest in ${Math.round(slowest)} ms`);
}

/** A body in chunks, with a pause before each chunk. */
function slowBody(bytes: Uint8Array, pieces: number, pauseMs: number): ReadableStream<Uint8Array> {
  const size = Math.ceil(bytes.length / pieces);
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
}

const CROWD = 1000;
/** A popular post causes larger bursts, but a local stack cannot measure that, and wrangler's proxy loses connections. */
const BURST = { remote: 64, local: 8 };
const LOCAL = /^(localhost|127\.|\[::1\])/;

const FORGED = 100;
const GUESSERS = 4;

export const LOAD_CASES: readonly Case[] = [
  {
    group,
    title: "1,000 updates in one delivery",
    why: "the most that Meta sends at once; a 413, or slow work before the response, loses all of them",
    run: async (context) => accepted(await context.probe.deliver(crowd(context, CROWD))),
  },
  {
    group,
    title: "the same delivery five times, together and once more later",
    why: "Meta repeats deliveries; a duplicate is not an error",
    async run(context) {
      const body = toWire(singleComment(context));
      const together = await Promise.all(Array.from({ length: 5 }, () => context.probe.deliver(body)));
      return all([...together, await context.probe.deliver(body)]);
    },
  },
  {
    group,
    title: "a burst of deliveries at once",
    why: "a popular post causes bursts",
    async run(context) {
      const size = LOCAL.test(new URL(context.probe.url).hostname) ? BURST.local : BURST.remote;
      const bodies = Array.from({ length: size }, () => toWire(singleComment(context)));
      return all(await Promise.all(bodies.map((body) => context.probe.deliver(body))));
    },
  },
  {
    group,
    title: "a body that takes two seconds to arrive, without a length",
    why: "networks are slow, and a receiver that relies on Content-Length reads only a part",
    async run(context) {
      const text = toWire(singleComment(context));
      const body = slowBody(new TextEncoder().encode(text), 8, 250);
      return accepted(
        await context.probe.post({ body, headers: { "x-hub-signature-256": context.probe.sha256(text) } }),
      );
    },
  },
  {
    group,
    title: "a valid delivery right after a hundred forged ones",
    why: "a guessing attack must not lock Meta out",
    async run(context) {
      let taken = 0;
      const guess = async (): Promise<void> => {
        for (let tried = 0; tried < FORGED / GUESSERS; tried += 1) {
          const body = toWire(singleComment(context));
          const headers = { "x-hub-signature-256": context.probe.sha256(body, "another secret") };
          if ((await context.probe.post({ body, headers })).status === 200) taken += 1;
        }
      };
      await Promise.all(Array.from({ length: GUESSERS }, guess));
      if (taken > 0) return fail(`${taken} forged deliveries got a 200`);
      return accepted(await context.probe.deliver(toWire(singleComment(context))));
    },
  },
];
