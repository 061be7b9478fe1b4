/** One fuzz case: a request, the injected failures, and its file format for a replay. */
import type { Seed } from "./corpus.ts";
import { copyTree, type JsonNode, printTree } from "./json-tree.ts";
import { makeBatch, mutateDepth, mutateSize } from "./mutate/bulk.ts";
import { garbage, mutateBytes, truncate } from "./mutate/bytes.ts";
import { mutateKeys } from "./mutate/keys.ts";
import { mutateStructure } from "./mutate/structure.ts";
import { mutateEncoding, mutateTexts, wireForm } from "./mutate/text.ts";
import { mutateIds, mutateTypes, plantCanary } from "./mutate/values.ts";
import { Random } from "./random.ts";
import { escapedForm, hmac, SECRETS } from "./signing.ts";

/** Weight of each kind of mutation. */
const KINDS = {
  as_written: 4,
  bytes: 16,
  truncated: 4,
  structure: 15,
  types: 14,
  ids: 13,
  keys: 10,
  texts: 6,
  encoding: 6,
  depth: 4,
  size: 1,
  batch: 4,
  garbage: 2,
  several: 13,
} as const;
export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as Kind[];

/**
 * - `queue_rejects`: every batch fails; `queue_breaks`: the second batch fails, or the only one after it was stored
 * - `kv_read`, `kv_write`: KV fails
 * - `interrupted`: the body ends with a connection error
 */
const FAULTS = { none: 940, queue_rejects: 15, queue_breaks: 15, kv_read: 10, kv_write: 10, interrupted: 10 } as const;
export type Fault = keyof typeof FAULTS;

export interface FuzzCase {
  /** The origin of the case. */
  seed: number;
  index: number;
  kind: Kind;
  headers: Record<string, string>;
  body: Buffer;
  /** Number of chunks in which the body is sent. */
  pieces: number;
  maxBodyBytes: number;
  fault: Fault;
  /** After the response: nothing, the same delivery again, or the same delivery to a receiver with empty KV. */
  again: "no" | "known" | "forgotten";
  /** The entries of the body, each as a separate delivery; empty if the body has no entries. */
  recut: string[];
}

/** Occurs in every text that a person could have written. */
export const CANARY = "kestrel-canary-4417";

/** 4 MiB is the receiver's default. A small limit is reached much more often. */
const MAX_BODY_BYTES = [4_194_304, 24_576] as const;

export function makeCase(seed: number, index: number, corpus: readonly Seed[]): FuzzCase {
  const random = new Random(seed, index);
  const kind = random.weighted(KINDS);
  const maxBodyBytes = random.chance(kind === "size" ? 0.3 : 0.03) ? MAX_BODY_BYTES[0] : MAX_BODY_BYTES[1];
  const { body, recut } = makeBody(kind, maxBodyBytes, corpus, random);
  return {
    seed,
    index,
    kind,
    headers: makeHeaders(body, random),
    body,
    pieces: random.chance(0.1) ? random.int(2, 5) : 1,
    maxBodyBytes,
    fault: random.weighted(FAULTS),
    again: random.weighted({ no: 70, known: 15, forgotten: 15 }),
    recut,
  };
}

function makeBody(
  kind: Kind,
  maxBodyBytes: number,
  corpus: readonly Seed[],
  random: Random,
): { body: Buffer; recut: string[] } {
  const draw = (): Seed => random.pick(corpus) ?? { name: "", text: "{}", tree: { type: "object", members: [] } };
  const tree = (): JsonNode => {
    const copy = copyTree(draw().tree);
    return random.chance(0.5) ? plantCanary(copy, CANARY) : copy;
  };
  const plain = (body: Buffer): { body: Buffer; recut: string[] } => ({ body, recut: [] });
  const written = (node: JsonNode): { body: Buffer; recut: string[] } => {
    const text = printTree(node);
    return plain(Buffer.from(random.chance(0.5) ? wireForm(text) : text));
  };
  switch (kind) {
    case "as_written":
      return random.chance(0.5) ? plain(Buffer.from(draw().text)) : written(tree());
    case "bytes":
      return plain(mutateBytes(written(tree()).body, random));
    case "truncated":
      return plain(truncate(written(tree()).body, random));
    case "structure":
      return written(mutateStructure(tree(), draw().tree, random));
    case "types":
      return written(mutateTypes(tree(), random));
    case "ids":
      return written(mutateIds(tree(), random));
    case "keys":
      return written(mutateKeys(tree(), random));
    case "texts":
      return written(mutateTexts(tree(), random));
    case "encoding":
      return plain(mutateEncoding(printTree(tree()), random));
    case "depth":
      return written(mutateDepth(tree(), random));
    case "size":
      return plain(Buffer.from(mutateSize(tree(), maxBodyBytes, random)));
    case "batch": {
      const { text, recut } = makeBatch(
        Array.from({ length: random.int(2, random.chance(0.1) ? 40 : 6) }, tree),
        random,
      );
      return { body: Buffer.from(text), recut };
    }
    case "garbage":
      return plain(garbage(random, CANARY));
    case "several": {
      let node = tree();
      for (let n = random.int(2, 5); n > 0; n--) node = mutateOnce(node, draw().tree, random);
      const { body } = written(node);
      return plain(random.chance(0.2) ? mutateBytes(body, random) : body);
    }
  }
}

function mutateOnce(node: JsonNode, donor: JsonNode, random: Random): JsonNode {
  switch (random.weighted({ structure: 4, types: 4, ids: 4, keys: 3, texts: 2, depth: 1 })) {
    case "structure":
      return mutateStructure(node, donor, random);
    case "types":
      return mutateTypes(node, random);
    case "ids":
      return mutateIds(node, random);
    case "keys":
      return mutateKeys(node, random);
    case "texts":
      return mutateTexts(node, random);
    case "depth":
      return mutateDepth(node, random);
  }
}

function makeHeaders(body: Buffer, random: Random): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", ...signatureHeaders(body, random) };
  if (random.chance(0.12)) {
    headers["content-length"] = random.pick([
      String(body.length),
      String(body.length + 1),
      "0",
      "1",
      "99999999999",
      "-1",
      "1e9",
      "many",
      "",
    ] as const);
  }
  if (random.chance(0.03)) {
    headers["content-encoding"] = random.pick(["identity", " IDENTITY ", "gzip", "br", "identity, gzip", "x"] as const);
  }
  return headers;
}

function signatureHeaders(body: Buffer, random: Random): Record<string, string> {
  const right = hmac(body, SECRETS[0]);
  const header = (value: string): Record<string, string> => ({ "x-hub-signature-256": value });
  const how = random.weighted({
    right: 760,
    second_secret: 40,
    escaped_form: 40,
    wrong_secret: 40,
    other_body: 20,
    missing: 20,
    malformed: 40,
    sha1_only: 15,
    upper_case: 15,
    two_values: 10,
  });
  switch (how) {
    case "right":
      return header(`sha256=${right}`);
    case "second_secret":
      return { ...header(`sha256=${hmac(body, SECRETS[1])}`), "x-hub-signature": "sha1=0" };
    case "escaped_form":
      return header(`sha256=${hmac(escapedForm(body) ?? body, SECRETS[0])}`);
    case "wrong_secret":
      return header(`sha256=${hmac(body, "another_secret_not_real")}`);
    case "other_body":
      return header(`sha256=${hmac(Buffer.concat([body, Buffer.from(" ")]), SECRETS[0])}`);
    case "missing":
      return {};
    case "malformed":
      return header(
        random.pick([
          "",
          "sha256=",
          right,
          `sha256=${right.slice(1)}`,
          `sha256=${right}0`,
          `sha256= ${right}`,
          `sha512=${right}`,
          `sha256=${"g".repeat(64)}`,
          `sha256=${right.slice(0, 63)}é`,
          "undefined",
        ] as const),
      );
    case "sha1_only":
      return { "x-hub-signature": `sha1=${hmac(body, SECRETS[0], "sha1")}` };
    case "upper_case":
      return header(random.chance(0.5) ? `sha256=${right.toUpperCase()}` : `SHA256=${right}`);
    case "two_values":
      return header(`sha256=${right}, sha256=${right}`);
  }
}

/** The case as a file. */
export const printCase = (fuzzCase: FuzzCase, violation: string): string =>
  JSON.stringify({ violation, ...fuzzCase, body: fuzzCase.body.toString("base64") }, null, 2);

export function readCase(text: string): FuzzCase {
  const { violation: _, ...written } = JSON.parse(text) as Omit<FuzzCase, "body"> & { body: string; violation: string };
  return { ...written, body: Buffer.from(written.body, "base64") };
}
