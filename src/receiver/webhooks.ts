/** `/webhooks`: Meta's verification request and its deliveries. */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { EventKind, Proof } from "../core/event.ts";
import { type Delivery, readDelivery } from "../meta/reader/delivery.ts";
import {
  type AppSecret,
  importAppSecrets,
  parseSignature,
  type SignedDelivery,
  verifySignature,
} from "../meta/signature.ts";
import { empty, json, text, tryAgain } from "./responses.ts";
import { type BodyFailure, readBody } from "./body.ts";
import type { ReceiverConfig } from "./config.ts";
import type { ReceiverEnv } from "./env.ts";
import { answerHandshake } from "./handshake.ts";
import { accept } from "./intake.ts";
import { log } from "./log.ts";
import { type ClientCertificate, refuseCertificate } from "./client-certificate.ts";
import type { Clock, IntakePorts } from "./ports.ts";

/** `GET /webhooks`: 200 with the challenge as body, 400 for an invalid handshake, 403 for a wrong token. */
export async function handshake(request: Request, config: ReceiverConfig): Promise<Response> {
  const refused = refuseCaller(request, config);
  if (refused !== null) return refused;
  const answer = await answerHandshake(new URL(request.url).searchParams, config.verifyToken);
  if (answer.ok) {
    log("handshake_accepted", {});
    return text(200, answer.value);
  }
  log("handshake_refused", { cause: answer.error });
  return answer.error === "wrong_token" ? text(403, WRONG_TOKEN) : text(400, NOT_A_HANDSHAKE);
}

/** For a person who opens the address in a browser. They contain nothing that the status does not say. */
const NOT_A_HANDSHAKE =
  "This address is for webhooks from Meta: hub.mode, hub.verify_token and hub.challenge, each once.\n";
const WRONG_TOKEN = "The verify token does not match META_VERIFY_TOKEN.\n";
const ONLY_META = "Only Meta can use this address.\n";

/** `POST /webhooks`: 200 when every event is stored in the queue, 503 if that is not certain. */
export async function deliver(
  request: Request,
  config: ReceiverConfig,
  env: ReceiverEnv,
  waitUntil: IntakePorts["waitUntil"],
): Promise<Response> {
  inFlight++;
  try {
    return await takeIn(request, config, env, waitUntil);
  } finally {
    inFlight--;
  }
}

/** Deliveries that this isolate is processing. */
let inFlight = 0;

/**
 * Above this number of concurrent deliveries, KV is skipped. KV only avoids an occasional duplicate queue message.
 * Under high load, waiting for its reads, and its writes after the response, cost more than that.
 */
const MAX_IN_FLIGHT_WITH_SEEN = 8;

async function takeIn(
  request: Request,
  config: ReceiverConfig,
  env: ReceiverEnv,
  waitUntil: IntakePorts["waitUntil"],
): Promise<Response> {
  const refused = refuseCaller(request, config);
  if (refused !== null) return refused;
  const { headers } = request;
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.trim().toLowerCase() !== "identity") return refuse(415, "content_encoding");
  const signature = headers.get("x-hub-signature-256");
  const sha1Signature = headers.get("x-hub-signature");
  const form = parseSignature(signature, sha1Signature);
  // Do not read the body of an unsigned request.
  if (!form.ok) return refuse(401, form.error.reason);
  const body = await readBody(request, config.maxBodyBytes);
  if (!body.ok) return refuseBody(body.error);

  const receivedAt = Date.now();
  const contentLength = headers.get("content-length");
  const signed: SignedDelivery = { signature, sha1Signature, contentLength, body: body.value };
  const proof = await verifySignature(signed, await secretsOf(config));
  if (!proof.ok) return refuse(401, proof.error.reason, body.value.length);

  const deliveryId = await sha256(body.value);
  const delivery = readDelivery(body.value, { receivedAt, deliveryId, proof: proof.value });
  const ports: IntakePorts = { queue: env.EVENTS, kv: env.KV, clock, waitUntil, log };
  const accepted = await accept(
    { deliveryId, events: delivery.events, skipSeen: inFlight > MAX_IN_FLIGHT_WITH_SEEN },
    ports,
  );
  if (!accepted.ok) {
    const { reason: cause, error } = accepted.error;
    log("delivery_failed", { cause, error, deliveryId, received: delivery.events.length });
    return tryAgain();
  }
  logUnusual(delivery, deliveryId, proof.value);
  return json(200, accepted.value);
}

/** With `REQUIRE_MTLS` on, requests without Meta's client certificate are refused. */
function refuseCaller(request: Request, config: ReceiverConfig): Response | null {
  if (!config.requireMtls) return null;
  const refusal = refuseCertificate(request.cf?.["tlsClientAuth"] as Partial<ClientCertificate> | undefined);
  if (refusal === null) return null;
  log("delivery_refused", { cause: `certificate_${refusal}` });
  return text(403, ONLY_META);
}

function refuse(status: number, cause: string, bytes?: number): Response {
  log("delivery_refused", bytes === undefined ? { cause } : { cause, bytes });
  return empty(status);
}

function refuseBody(failure: BodyFailure): Response {
  switch (failure) {
    case "too_large":
      return refuse(413, failure);
    case "interrupted":
      log("delivery_failed", { cause: failure });
      return tryAgain();
  }
}

/**
 * Imported once for each value of the setting, because importing costs more than verifying. The keys are cached, never
 * their promise: a promise belongs to the request that created it, and if that request is cancelled, it stays pending
 * for all others.
 */
async function secretsOf({ appSecrets }: ReceiverConfig): Promise<readonly AppSecret[]> {
  if (imported?.setting === appSecrets) return imported.secrets;
  const secrets = await importAppSecrets(appSecrets);
  imported = { setting: appSecrets, secrets };
  return secrets;
}

let imported: { setting: string; secrets: readonly AppSecret[] } | undefined;

const clock: Clock = {
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return bytesToHex(new Uint8Array(digest));
}

/** Logs a delivery with content that could not be read, or with a signature that matched only the escaped form. */
function logUnusual({ events, entriesWithoutEvents }: Delivery, deliveryId: string, proof: Proof): void {
  const count = (kind: EventKind): number => events.reduce((sum, event) => sum + Number(event.kind === kind), 0);
  const quarantined = count("quarantine");
  const unknown = count("unknown");
  if (quarantined + unknown + entriesWithoutEvents === 0 && proof.form === "raw") return;
  log("delivery_noteworthy", {
    deliveryId,
    received: events.length,
    quarantined,
    unknown,
    entriesWithoutEvents,
    signedWith: proof.secret,
    form: proof.form,
  });
}
