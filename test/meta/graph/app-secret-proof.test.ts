import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createGraphClient, type Caller } from "../../../src/meta/graph/client.ts";
import { createOAuthClient } from "../../../src/meta/oauth/login.ts";

const TOKEN = "EAA-not-a-real-token";
const FACEBOOK: Caller = { account: { id: "100", platform: "page", login: "facebook", sendAs: null }, token: TOKEN };
const INSTAGRAM: Caller = {
  account: { id: "17841400000000000", platform: "instagram", login: "instagram", sendAs: null },
  token: TOKEN,
};
const HOSTS = {
  instagramUrl: "https://graph.instagram.com",
  facebookUrl: "https://graph.facebook.com",
  version: "v26.0",
};
const REPLY = {
  id: "reply-1",
  kind: "private_reply",
  to: { commentId: "17900000000000001" },
  message: { text: "Hi" },
} as const;

const proofOf = (secret: string, token = TOKEN): string => createHmac("sha256", secret).update(token).digest("hex");

const refusal = (message: string, more: object = {}): Response =>
  Response.json({ error: { message, type: "GraphMethodException", code: 100, ...more } }, { status: 400 });

/**
 * Graph with "Require App Secret" on.
 * @param secret of the app; null: the setting is off, and no proof is accepted
 */
function graph(secret: string | null, secrets: readonly string[]) {
  const proofs: (string | null)[] = [];
  const effects: string[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const asked = new URL(url);
    const proof = asked.searchParams.get("appsecret_proof");
    const token = new Headers(init.headers).get("authorization")?.slice("Bearer ".length) ?? "";
    proofs.push(proof);
    if (proof === null && secret !== null) {
      return refusal("API calls from the server require an appsecret_proof argument");
    }
    if (proof !== null && (secret === null || proof !== proofOf(secret, token))) {
      return refusal("Invalid appsecret_proof provided in the API argument");
    }
    effects.push(asked.pathname);
    return Response.json({ message_id: "m", id: "1", user_id: "1", success: true, data: [] });
  };
  const proofMemory = new Map<string, string | null>();
  const both = { instagram: secrets, facebook: secrets };
  return {
    proofs,
    effects,
    client: createGraphClient({ ...HOSTS, fetch, appSecrets: both, proofMemory }),
    oauth: createOAuthClient({
      hosts: {
        ...HOSTS,
        instagramOauthUrl: "https://www.instagram.com",
        instagramApiUrl: "https://api.instagram.com",
        facebookOauthUrl: "https://www.facebook.com",
      },
      instagram: { id: "1", secrets },
      facebook: { id: "2", secrets },
      fetch,
      proofMemory,
    }),
  };
}

describe("with Require App Secret on", () => {
  it("every call with Facebook Login has the proof, and is made once", async () => {
    const { client, oauth, proofs, effects } = graph("secret", ["secret"]);
    expect((await client.send(FACEBOOK, REPLY)).outcome.kind).toBe("accepted");
    expect((await client.send(FACEBOOK, { ...REPLY, kind: "public_reply" })).outcome.kind).toBe("accepted");
    const answers = [
      await client.readMe(FACEBOOK),
      await client.subscribe(FACEBOOK, ["feed"]),
      await client.listSubscriptions(FACEBOOK),
      await oauth.facebookMe(TOKEN),
      await oauth.facebookPages(TOKEN),
      await oauth.appSubscriptions(),
    ];
    expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => true));
    const subscribed = await oauth.subscribeApp({ object: "page", callbackUrl: "u", fields: [], verifyToken: "t" });
    expect(subscribed.success).toBe(true);
    expect(proofs).toHaveLength(9);
    expect(effects).toHaveLength(9);
  });

  it("an Instagram Login call is repeated with the proof, and later calls have it from the start", async () => {
    const { client, oauth, proofs, effects } = graph("secret", ["secret"]);
    expect((await client.send(INSTAGRAM, REPLY)).outcome.kind).toBe("accepted");
    expect(proofs).toEqual([null, proofOf("secret")]);
    expect((await client.send(INSTAGRAM, REPLY)).outcome.kind).toBe("accepted");
    expect((await oauth.instagramMe(TOKEN)).ok).toBe(true);
    expect(proofs.slice(2)).toEqual([proofOf("secret"), proofOf("secret")]);
    expect(effects).toHaveLength(3);
  });

  it("the next secret is tried when Graph refuses the proof of the first", async () => {
    const { client, proofs, effects } = graph("new", ["old", "new"]);
    await client.send(FACEBOOK, REPLY);
    await client.send(FACEBOOK, REPLY);
    expect(proofs).toEqual([proofOf("old"), proofOf("new"), proofOf("new")]);
    expect(effects).toHaveLength(2);
  });

  it("the refusal is the result when no secret is right", async () => {
    const { client, proofs, effects } = graph("another", ["old", "new"]);
    expect((await client.send(FACEBOOK, REPLY)).outcome.kind).not.toBe("accepted");
    expect(proofs).toEqual([proofOf("old"), proofOf("new"), null]);
    expect(effects).toEqual([]);
  });
});

describe("with Require App Secret off", () => {
  it("a wrong secret does not prevent calls", async () => {
    const { client, proofs } = graph(null, ["wrong"]);
    expect((await client.send(FACEBOOK, REPLY)).outcome.kind).toBe("accepted");
    expect((await client.send(FACEBOOK, REPLY)).outcome.kind).toBe("accepted");
    expect(proofs).toEqual([proofOf("wrong"), null, null]);
  });

  it("calls with Instagram Login have no proof", async () => {
    const { client, proofs } = graph(null, ["secret"]);
    await client.send(INSTAGRAM, REPLY);
    expect(proofs).toEqual([null]);
  });
});

it.each([
  ["another code", 200, {}],
  ["a subcode", 100, { error_subcode: 2534025 }],
])("a refusal with %s is not repeated, because it may have had an effect", async (_, code, more) => {
  let calls = 0;
  const client = createGraphClient({
    ...HOSTS,
    fetch: async () => {
      calls++;
      return refusal("appsecret_proof", { code, ...more });
    },
    appSecrets: { instagram: ["secret"], facebook: ["secret"] },
    proofMemory: new Map(),
  });
  await client.send(FACEBOOK, REPLY);
  expect(calls).toBe(1);
});
