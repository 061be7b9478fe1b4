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

/** `GET /webhooks`: 200 with the bare challenge, 400 when it is no handshake, 403 for the wrong token. */
export async function handshake(request: Request, config: ReceiverConfig): Promise<Response> {
  const refused = refuseCaller(request, config);
  if (refused !== null) return refused;
  const answer = await answerHandshake(new URL(request.url).searchParams, config.verifyToken);
  if (answer.ok) {
    log("handshake_accepted", {});
    return text(200, answer.value);
  }
  log("handshake_refused", { cause: answer.error });
  return empty(answer.error === "wrong_token" ? 403 : 400);
}

/** `POST /webhooks`: 200 once every event is safe, 503 on any doubt about that. */
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

/** Deliveries that this isolate is taking in. */
let inFlight = 0;

/**
 * Beyond this, KV is passed over. It only spares the queue a repeated event now and then; a crowd that waits for it, and
 * for its writes behind the answers, pays more than that.
 */
const HURRIED_FROM = 8;

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
  // Nobody has to read what nobody signed.
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
  const accepted = await accept({ deliveryId, events: delivery.events, hurried: inFlight > HURRIED_FROM }, ports);
  if (!accepted.ok) {
    const { reason: cause, error } = accepted.error;
    log("delivery_failed", { cause, error, deliveryId, received: delivery.events.length });
    return tryAgain();
  }
  noteworthy(delivery, deliveryId, proof.value);
  return json(200, accepted.value);
}

/** With `REQUIRE_MTLS` on, only Meta's client certificate gets further. */
function refuseCaller(request: Request, config: ReceiverConfig): Response | null {
  if (!config.requireMtls) return null;
  const refusal = refuseCertificate(request.cf?.["tlsClientAuth"] as Partial<ClientCertificate> | undefined);
  return refusal === null ? null : refuse(403, `certificate_${refusal}`);
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
 * Imported once for each setting: importing costs more than verifying. What is kept is the keys, never the promise of
 * them: a promise belongs to the request that made it, and would stay pending for all others if that one were cancelled.
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

/** Says so when something signed by Meta was not understood, or matched only in its escaped form. */
function noteworthy({ events, entriesWithoutEvents }: Delivery, deliveryId: string, proof: Proof): void {
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
