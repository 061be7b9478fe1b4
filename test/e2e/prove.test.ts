/** `npm run prove` as a command, against both Workers and the Meta simulator. */
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as asText } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, Stack } from "./connect/connect-stack.ts";

const ANA = "17841460928374651";
const PAGE = "112233445566778";
const PERSON = "1045872930164827";

const stack = new Stack();

beforeAll(async () => {
  await stack.start();
  const { accessToken } = await stack.meta<{ accessToken: string }>("PUT", `/accounts/${ANA}`, {
    platform: "instagram",
    login: "instagram",
    username: "ana.studio",
  });
  const account = { platform: "instagram", login: "instagram", username: "ana.studio", accessToken };
  await stack.api("PUT", `/accounts/${ANA}`, account);
  await stack.api("POST", `/accounts/${ANA}/subscriptions`, { fields: ["comments", "messages", "message_echoes"] });
  const page = { platform: "page", login: "facebook", username: "ana.page" };
  const made = await stack.meta<{ accessToken: string }>("PUT", `/accounts/${PAGE}`, { ...page, name: "Ana Page" });
  await stack.api("PUT", `/accounts/${PAGE}`, { ...page, accessToken: made.accessToken });
  await stack.api("POST", `/accounts/${PAGE}/subscriptions`, { fields: ["feed", "messages", "message_echoes"] });
}, 120_000);
afterAll(() => stack.remove());

const prove = (commentId: string, ...options: string[]) =>
  proveWith(ANA, (text) => stack.comment(ANA, commentId, PERSON, text), options);

/** Runs the command, and comments the word that it asks for. */
async function proveWith(
  account: string,
  comment: (text: string) => Promise<void>,
  options: readonly string[] = [],
  url = stack.url,
): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, ["scripts/prove.ts", url, account, ...options], {
    env: { ...process.env, ADMIN_TOKEN },
  });
  let text = "";
  const commented: Promise<void>[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const word = /SECOND account: (\w+)\n/.exec(text)?.[1];
      if (word !== undefined && commented.length === 0) commented.push(comment(`${word} please`));
    });
  }
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  await Promise.all(commented);
  if (process.env["PRINT_PROVE"] !== undefined) process.stdout.write(text);
  return { status, text };
}

const row = (text: string, belief: string): string =>
  text.split("\n").find((line) => line.startsWith(`${belief}  `)) ?? `no row: ${belief}`;

describe("npm run prove", () => {
  it("measures what Meta does, and takes its public reply away again", async () => {
    await stack.api("PUT", `/accounts/${ANA}/settings`, { sending: "on", echoMetadata: "auto" });
    const { status, text } = await prove("18000000000000101");
    expect(text).toContain("Meta's code: 100/2534023. Expected: 2534023.");
    expect(row(text, "A second private reply is refused with 2534023")).toMatch(/ holds /);
    expect(row(text, "The echo's mid is the message_id of the send")).toMatch(/ holds /);
    expect(row(text, "Instagram echoes carry no metadata")).toMatch(/ not measured +`echoMetadata`: `on`/);
    expect(row(text, "Instagram echoes name no app")).toMatch(/ holds /);
    expect(row(text, "An own comment is recognized")).toMatch(/ holds /);
    expect(text).toContain("Meta names the author by the account's id, with self_ig_scoped_id.");
    expect(text).toContain("Removed again.");
    expect(status).toBe(0);
    const { items } = await stack.meta<{ items: { id: string; text: string }[] }>("GET", "/comments");
    expect(items.filter((comment) => comment.text.startsWith("Thank you!"))).toEqual([]);
    const sent = await stack.meta<{ items: { kind: string }[] }>("GET", "/sent");
    expect(sent.items.map(({ kind }) => kind).toSorted()).toEqual(["private_reply", "public_reply"]);
  });

  it("measures metadata when it is sent, and says when a belief does not hold", async () => {
    await stack.api("PUT", `/accounts/${ANA}/settings`, { echoMetadata: "on" });
    const secondPrivateReply = { code: 100, subcode: 2534025 };
    await stack.meta("PUT", "/settings", { ownComments: "username-only", rules: { secondPrivateReply } });
    const { status, text } = await prove("18000000000000102");
    expect(text).toContain("Meta names the author by the name only.");
    expect(row(text, "An own comment is recognized")).toMatch(/ holds /);
    expect(row(text, "Instagram echoes carry no metadata")).toMatch(/ holds +`echoMetadata`: `auto`/);
    expect(text).toContain("Meta's code: 100/2534025. Expected: 2534023.");
    expect(row(text, "A second private reply is refused with 2534023")).toMatch(/ does not hold .*100\/2534025/);
    expect(status).toBe(1);
    await stack.meta("PUT", "/settings", { rules: { secondPrivateReply: null } });
  });

  it("says loudly that Meta accepted a second private reply", async () => {
    // The simulator never accepts one, so the response is changed on its way.
    const passOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await asText(request);
      const { method = "GET", headers, url = "" } = request;
      const key = headers["idempotency-key"];
      const answer = await fetch(`${stack.url}${url}`, {
        method,
        headers: {
          authorization: headers.authorization ?? "",
          "content-type": "application/json",
          ...(typeof key === "string" && { "idempotency-key": key }),
        },
        ...(body !== "" && { body }),
      });
      const text = await answer.text();
      const repeats = body.includes("repeat_private_reply");
      response.writeHead(answer.status).end(repeats ? text.replace('"refused"', '"accepted"') : text);
    };
    const proxy = createServer((request, response) => void passOn(request, response));
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const comment = (words: string) => stack.comment(ANA, "18000000000000105", PERSON, words);
    const { status, text } = await proveWith(ANA, comment, [], url);
    proxy.closeAllConnections();
    proxy.close();
    expect(text).toContain("META ACCEPTED A SECOND PRIVATE REPLY");
    expect(row(text, "A second private reply is refused with 2534023")).toMatch(/ does not hold .*never resolve/);
    expect(status).toBe(1);
  });

  it("says that a page in front of the API is not Replyline", async () => {
    const page = createServer((_, response) => void response.end("<html>"));
    await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
    const { status, text } = await proveWith(ANA, async () => undefined, [], url);
    page.closeAllConnections();
    page.close();
    expect(text).toContain("is not one of Replyline's API");
    expect(status).toBe(1);
  });

  it("measures a Page, with Meta's other code", async () => {
    await stack.meta("PUT", "/settings", { ownComments: "usual" });
    const id = `${PAGE}_900000000000001`;
    const postId = `${PAGE}_800000000000001`;
    const { status, text } = await proveWith(PAGE, async (message) => {
      await stack.meta("PUT", `/comments/${id}`, { accountId: PAGE, mediaId: postId, text: message });
      const from = { id: PERSON, name: "Nadia" };
      const time = Math.floor(Date.now() / 1_000);
      const ids = { comment_id: id, post_id: postId, parent_id: postId };
      const value = { item: "comment", verb: "add", ...ids, from, message, created_time: time };
      const entry = [{ id: PAGE, time, changes: [{ field: "feed", value }] }];
      await stack.meta("POST", "/deliveries", { bodies: [JSON.stringify({ object: "page", entry })] });
    });
    for (const belief of [
      "A second private reply is refused with 10900",
      "Page echoes carry metadata",
      "Page echoes name the app",
      "An own comment is recognized",
    ]) {
      expect(row(text, belief)).toMatch(/ holds /);
    }
    expect(text).toContain("Removed again.");
    expect(status).toBe(0);
  });

  it("refuses an account that may not send, and ends when no comment arrives", async () => {
    await stack.api("PUT", `/accounts/${ANA}/settings`, { sending: "paused" });
    const paused = await prove("18000000000000103");
    expect(paused.status).toBe(1);
    expect(paused.text).toContain('sending is paused. Set "sending" to "on"');
    await stack.api("PUT", `/accounts/${ANA}/settings`, { sending: "on" });
    await stack.api("PUT", "/incident", { stopped: true });
    expect((await prove("18000000000000106")).text).toContain("sending is stopped for all accounts");
    await stack.api("PUT", "/incident", { stopped: false });
    await stack.meta("PUT", "/outage", { seconds: 60 });
    const late = await prove("18000000000000104", "--timeout", "2");
    expect(late.status).toBe(1);
    expect(late.text).toMatch(/no comment with prove\w+ arrived within 2.0 s/);
  });
});
