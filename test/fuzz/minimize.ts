/** Minimizes a failing case: removes parts of the body while the same rule is violated. */
import type { FuzzCase } from "./case.ts";
import { signedHeaders } from "./expectation.ts";
import { examine } from "./oracle.ts";
import type { Receiver } from "./receiver.ts";
import { isSigned } from "./signing.ts";

/** Time limit for one case, because the rest of the run waits. */
const MAX_RUNS = 3_000;
const MAX_MS = 15_000;
/** Larger bodies are not minimized, because each run is slow. */
const MAX_BYTES = 300_000;

export async function minimize(receiver: Receiver, fuzzCase: FuzzCase, rule: string): Promise<FuzzCase> {
  if (fuzzCase.body.length > MAX_BYTES) return fuzzCase;
  let smallest = fuzzCase;
  let runs = 0;
  const endsAt = performance.now() + MAX_MS;
  const fails = async (body: Buffer): Promise<boolean> => {
    runs++;
    const candidate = withBody(smallest, body);
    const { violation } = await examine(receiver, candidate);
    if (violation?.rule !== rule) return false;
    smallest = candidate;
    return true;
  };
  for (let size = Math.ceil(fuzzCase.body.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let at = 0;
    while (at < smallest.body.length) {
      if (runs >= MAX_RUNS || performance.now() > endsAt) return smallest;
      const { body } = smallest;
      const shorter = Buffer.concat([body.subarray(0, at), body.subarray(at + size)]);
      if (!(await fails(shorter))) at += size;
    }
  }
  return smallest;
}

/** Signed if the case was signed. */
function withBody(fuzzCase: FuzzCase, body: Buffer): FuzzCase {
  const wasSigned = isSigned(fuzzCase.headers["x-hub-signature-256"] ?? null, fuzzCase.body);
  const headers = wasSigned ? { ...fuzzCase.headers, ...signedHeaders(body) } : fuzzCase.headers;
  return { ...fuzzCase, headers, body, recut: [] };
}
