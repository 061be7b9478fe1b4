/** Orders as an Account creates them, and a Graph API that replaces `fetch`. */
import { vi } from "vitest";
import type { Profile } from "../../../src/api/account.ts";
import type { SendOrder } from "../../../src/engine/account/ports.ts";

export const TOKEN = "IGAA-not-a-real-token";
export const INSTAGRAM_ID = "17841460928374651";
export const PAGE_ID = "104958372615049";
export const COMMENT_ID = "17984512367720415";
export const PERSON = "1045872930164827";

const profile = (more: Partial<Profile>): Profile => ({
  id: INSTAGRAM_ID,
  platform: "instagram",
  login: "instagram",
  username: "nadia.bakes",
  sendAs: null,
  tokenExpiresAt: null,
  connectedAt: 0,
  ...more,
});

/** The three ways to connect. */
export const INSTAGRAM_LOGIN = profile({});
export const FACEBOOK_LOGIN = profile({ login: "facebook", sendAs: PAGE_ID });
export const PAGE = profile({ id: PAGE_ID, platform: "page", login: "facebook" });

export const order = (more: Partial<SendOrder> = {}): SendOrder => ({
  replyId: "r_1",
  attempt: 1,
  kind: "private_reply",
  to: { commentId: COMMENT_ID },
  message: { text: "Here it is" },
  profile: INSTAGRAM_LOGIN,
  token: TOKEN,
  ...more,
});

export interface Seen {
  method: string;
  /** Without `appsecret_proof`. */
  url: string;
  proof: string | null;
  headers: Record<string, string>;
  body: string;
}

/** Answers every request with `respond`. Returns the requests in order. */
export function graph(respond: (request: Request) => Response | Promise<Response>): Seen[] {
  const seen: Seen[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { method, headers } = request;
    const url = new URL(request.url);
    const proof = url.searchParams.get("appsecret_proof");
    const body = new TextDecoder().decode(await request.clone().arrayBuffer());
    const bare = request.url.replace(/[?&]appsecret_proof=[0-9a-f]{64}$/, "");
    seen.push({ method, url: bare, proof, headers: Object.fromEntries(headers), body });
    return respond(request);
  });
  return seen;
}

export const graphError = (code: number, subcode?: number, status = 400): Response =>
  Response.json(
    { error: { message: "not for the log", code, ...(subcode === undefined ? {} : { error_subcode: subcode }) } },
    { status },
  );
