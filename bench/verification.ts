/**
 * The cost of a delivery with a wrong signature, relative to the same body with a right one. Anyone can send the wrong
 * one, so it must not cost more. Only the receiver's own code runs: there is no stack, and the queue is not included.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readDelivery } from "../src/meta/reader/delivery.ts";
import { importAppSecrets, sign, verifySignature, type AppSecret } from "../src/meta/signature.ts";
import type { Row } from "./table.ts";

const SECRETS = "instagram:bench_secret_one,meta:bench_secret_two";
const WRONG = `sha256=${"0".repeat(64)}`;
const KIB = 1024;
const TARGET = { times: 2.5, megabytes: 16 };

/** The last size is the receiver's default limit. The second one is the largest that is tried in its escaped form. */
const SIZES = [64 * KIB, 256 * KIB, 4096 * KIB];

const CONTENTS = { ASCII: "a", é: "é", "€": "€", emoji: "🙏", "empty updates": null } as const;

export async function benchVerification(_port: number, progress: (text: string) => void): Promise<Row[]> {
  const secrets = await importAppSecrets(SECRETS);
  const rows: Row[] = [];
  for (const bytes of SIZES) {
    for (const [name, unit] of Object.entries(CONTENTS)) {
      progress(`${bytes / KIB} KiB of ${name}`);
      const body = bodyOf(unit, bytes);
      const right = await cpuMs(body, await sign(body, "bench_secret_one"), secrets);
      const wrong = await cpuMs(body, WRONG, secrets);
      const megabytes = peakMegabytes(bytes, name);
      rows.push({
        what: `wrong signature, ${bytes / KIB} KiB of ${name}`,
        figure: `${wrong.toFixed(1)} ms CPU, ${megabytes.toFixed(1)} MB; right: ${right.toFixed(1)} ms`,
        target: `at most ${TARGET.times} times the CPU, ${TARGET.megabytes} MB`,
        reached: wrong / right <= TARGET.times && megabytes < TARGET.megabytes,
      });
    }
  }
  return rows;
}

/** One text of the given characters, or as many empty updates as fit. */
function bodyOf(unit: string | null, bytes: number): Uint8Array<ArrayBuffer> {
  const open = '{"object":"instagram","entry":[{"id":"17841400000000001","time":1795165202,';
  const room = bytes - open.length - 20;
  const inner =
    unit === null
      ? `"changes":[${Array.from({ length: Math.floor(room / 3) }, () => "{}").join(",")}]`
      : `"text":"${unit.repeat(Math.floor(room / Buffer.byteLength(unit)))}"`;
  return Uint8Array.from(Buffer.from(`${open}${inner}}]}`));
}

async function cpuMs(body: Uint8Array<ArrayBuffer>, signature: string, secrets: readonly AppSecret[]): Promise<number> {
  const rounds = body.length > KIB * KIB ? 5 : 40;
  for (let round = 0; round < 3; round++) await takeIn(body, signature, secrets);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) await takeIn(body, signature, secrets);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / rounds;
}

/** How far one refusal raises the peak of a new process, in addition to the body. */
function peakMegabytes(bytes: number, content: string): number {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), String(bytes), content]);
  return Number(output.toString()) / 1000;
}

async function printPeak(bytes: number, content: string): Promise<void> {
  const secrets = await importAppSecrets(SECRETS);
  const unit = Object.entries(CONTENTS).find(([name]) => name === content)?.[1] ?? null;
  await takeIn(bodyOf("é", KIB), WRONG, secrets);
  const body = bodyOf(unit, bytes);
  const before = process.resourceUsage().maxRSS;
  await takeIn(body, WRONG, secrets);
  process.stdout.write(String(process.resourceUsage().maxRSS - before));
}

/** What the receiver does with a body, without the queue. */
async function takeIn(body: Uint8Array<ArrayBuffer>, signature: string, secrets: readonly AppSecret[]): Promise<void> {
  const proof = await verifySignature({ signature, sha1Signature: null, contentLength: null, body }, secrets);
  if (!proof.ok) return;
  await crypto.subtle.digest("SHA-256", body);
  const { events } = readDelivery(body, { receivedAt: 1, deliveryId: "0".repeat(64), proof: proof.value });
  for (const event of events) new TextEncoder().encode(JSON.stringify(event));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await printPeak(Number(process.argv[2]), process.argv[3] ?? "");
