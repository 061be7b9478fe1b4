/** Requests as Meta sends them: signed, so that every test passes the verification. */
import { sign } from "../../src/meta/signature.ts";

/** The first entry of META_APP_SECRETS in vitest.config.ts. */
export const APP_SECRET = "test_app_secret_not_real";
export const OTHER_SECRET = "other_secret_not_real";

export const WEBHOOKS = "https://replyline.example/webhooks";

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text) as Uint8Array<ArrayBuffer>;

/** A signed `POST /webhooks`. */
export async function signedRequest(
  body: string | Uint8Array<ArrayBuffer>,
  { secret = APP_SECRET, headers = {}, cf }: { secret?: string; headers?: Record<string, string>; cf?: object } = {},
): Promise<Request> {
  const bytes = typeof body === "string" ? bytesOf(body) : body;
  return new Request(WEBHOOKS, {
    method: "POST",
    body: bytes,
    headers: { "content-type": "application/json", "x-hub-signature-256": await sign(bytes, secret), ...headers },
    ...(cf === undefined ? {} : { cf: cf as IncomingRequestCfProperties }),
  });
}

/** A delivery of `count` comments by different people on one account. */
export function commentsBody(count: number, first = 0): string {
  const change = (i: number): string =>
    `{"field":"comments","value":{"from":{"id":"${1045872930164000 + i}","username":"nadia.bakes${i}"},` +
    `"media":{"id":"18054321970886143","media_product_type":"REELS"},"id":"17984512367${720000 + i}",` +
    `"text":"GUIDE please \\ud83d\\ude4f"}}`;
  const changes = Array.from({ length: count }, (_, i) => change(first + i)).join(",");
  return `{"object":"instagram","entry":[{"id":"17841460928374651","time":1795165202,"changes":[${changes}]}]}`;
}
