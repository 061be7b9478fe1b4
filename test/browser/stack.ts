/** Both Workers and the Meta simulator in one `wrangler dev`, with two accounts that reply. Nothing leaves this machine. */
import { JsonClient, ReplylineClient, SimulatorClient } from "../../src/simulator/cli/api-clients.ts";
import { connectInstagram, connectPage } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { startStack as startLocalStack, WITH_SIMULATOR } from "../../src/simulator/cli/stack/local-stack.ts";

export const ADMIN_TOKEN = "browser-admin-token-not-real";
export const STUDIO = { id: "17841405793187218", username: "ana.studio" };
export const BAKERY = { id: "104562837465120", username: "daily.bread", name: "Daily Bread" };
/** The access tokens begin like this; no page may show one. */
export const TOKEN_START = /\b(IGAA|EAA)[A-Za-z0-9_-]{20,}/;

const SECRETS = {
  META_APP_SECRETS: "instagram:browser_app_secret_not_real,meta:browser_other_secret_not_real",
  META_VERIFY_TOKEN: "browser-verify-token",
  ADMIN_TOKEN,
  TOKEN_ENCRYPTION_KEY: "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};

export const GUIDE = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide", "link"], match: "word", mediaIds: [] },
  actions: {
    privateReply: { text: "Hi {{username}}, here it is: https://example.com/guide" },
    publicReply: { texts: ["Sent! Check your DMs."] },
  },
};

export const OPENING_HOURS = {
  id: "hours",
  name: "Opening hours",
  enabled: true,
  trigger: { on: "message", keywords: ["open"], match: "word", mediaIds: [] },
  actions: { message: { text: "We are open from 7 to 18, every day but Monday." } },
};

/** The ways to a stack that runs. */
export interface Reach {
  url: string;
  meta: SimulatorClient;
  api: JsonClient;
  replyline: ReplylineClient;
}

export interface Stack extends Reach {
  stop: () => Promise<void>;
}

export function reach(url: string): Reach {
  return {
    url,
    meta: new SimulatorClient(url),
    api: new JsonClient(`${url}/api`, { authorization: `Bearer ${ADMIN_TOKEN}` }),
    replyline: new ReplylineClient(url, ADMIN_TOKEN),
  };
}

/** @param deferSeconds between an event and its reply */
export async function startStack(deferSeconds: number, wantedPort = 0): Promise<Stack> {
  const { url, stop } = await startLocalStack({
    configs: ["test/browser/dead-queue/wrangler.toml", ...WITH_SIMULATOR],
    vars: { ...SECRETS, REPLY_DEFER_SECONDS: String(deferSeconds) },
    port: wantedPort,
  });
  const stack = { ...reach(url), stop };
  try {
    await connect(stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

async function connect(stack: Reach): Promise<void> {
  await stack.meta.setCallback(`${stack.url}/webhooks`);
  const inSixWeeks = Date.now() + 42 * 86_400_000;
  await connectInstagram(stack, STUDIO, {
    fields: ["comments", "messages"],
    automations: [GUIDE, OPENING_HOURS],
    tokenExpiresAt: inSixWeeks,
  });
  await connectPage(stack, BAKERY, { fields: ["feed", "messages"], automations: [OPENING_HOURS] });
}
