/** Makes a failing case small: pieces of the body are left out as long as the same rule is broken. */
import type { FuzzCase } from "./case.ts";
import { signedHeaders } from "./expectation.ts";
import { examine } from "./oracle.ts";
import type { Receiver } from "./receiver.ts";
import { isSigned } from "./signing.ts";

/** What a case is worth; the rest of the run waits. */
const MAX_RUNS = 3_000;
const MAX_MS = 15_000;
/** Larger bodies are left as they are: each run of theirs is slow. */
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

/** Signed where the case was. */
function withBody(fuzzCase: FuzzCase, body: Buffer): FuzzCase {
  const wasSigned = isSigned(fuzzCase.headers["x-hub-signature-256"] ?? null, fuzzCase.body);
  const headers = wasSigned ? { ...fuzzCase.headers, ...signedHeaders(body) } : fuzzCase.headers;
  return { ...fuzzCase, headers, body, recut: [] };
}
