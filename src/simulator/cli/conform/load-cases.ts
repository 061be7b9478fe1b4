import { toWire } from "../../notifications/wire-format.ts";
import { crowd, singleComment } from "./case-notifications.ts";
import type { Case, Finding } from "./conform-case.ts";
import { accepted, fail, pass } from "./conform-case.ts";
import type { ProbeResponse } from "./probe.ts";

const group = "Load";

/** All of them 200 and in time. */
function all(response: readonly ProbeResponse[]): Finding {
  const bad = response.map(accepted).find(({ outcome }) => outcome !== "pass");
  if (bad !== undefined) return fail(bad.detail);
  const slowest = Math.max(...response.map(({ durationMs }) => durationMs));
  return pass(`${response.length} taken, the slowest in ${Math.round(slowest)} ms`);
}

/** A body that comes in pieces, with a pause before each. */
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
/** A post that goes round brings more; a local stack is no measure of that, and wrangler's proxy loses connections. */
const BURST = { remote: 64, local: 8 };
const LOCAL = /^(localhost|127\.|\[::1\])/;

const FORGED = 100;
const GUESSERS = 4;

export const LOAD_CASES: readonly Case[] = [
  {
    group,
    title: "1,000 updates in one delivery",
    why: "the most that Meta sends at once; 413, or work before the answer, loses all of them",
    run: async (context) => accepted(await context.probe.deliver(crowd(context, CROWD))),
  },
  {
    group,
    title: "the same delivery five times, together and once more later",
    why: "Meta repeats what it is not sure of; a duplicate is no error",
    async run(context) {
      const body = toWire(singleComment(context));
      const together = await Promise.all(Array.from({ length: 5 }, () => context.probe.deliver(body)));
      return all([...together, await context.probe.deliver(body)]);
    },
  },
  {
    group,
    title: "a burst of deliveries at once",
    why: "a post that goes round brings bursts",
    async run(context) {
      const size = LOCAL.test(new URL(context.probe.url).hostname) ? BURST.local : BURST.remote;
      const bodies = Array.from({ length: size }, () => toWire(singleComment(context)));
      return all(await Promise.all(bodies.map((body) => context.probe.deliver(body))));
    },
  },
  {
    group,
    title: "a body that takes two seconds to arrive, without a length",
    why: "networks are slow; a receiver that counts on Content-Length reads half",
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
    title: "a good delivery right after a hundred forged ones",
    why: "guessing must not lock Meta out",
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
      if (taken > 0) return fail(`${taken} forged deliveries were answered 200`);
      return accepted(await context.probe.deliver(toWire(singleComment(context))));
    },
  },
];
