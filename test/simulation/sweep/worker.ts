/** One thread: sweeps branches. */
import { parentPort } from "node:worker_threads";
import { type Branch, sweepBranch } from "./sweep.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");

port.on("message", (branch: Branch) => {
  sweepBranch(branch).then(
    (result) => port.postMessage({ ok: true, result }),
    (error: unknown) => port.postMessage({ ok: false, error: String(error) }),
  );
});
