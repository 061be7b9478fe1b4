/** Both Workers and Meta in a box in one `wrangler dev`, with two accounts that answer. Nothing leaves this machine. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonClient, ReplylineClient, SimulatorClient } from "../../src/simulator/cli/api-clients.ts";
import { freePort, stageConfigs, startWranglerDev } from "../../src/simulator/cli/stack/wrangler-process.ts";

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
  const directory = mkdtempSync(join(tmpdir(), "replyline-browser-"));
  const log = join(directory, "wrangler.log");
  const port = await freePort(wantedPort);
  const graph = `http://127.0.0.1:${port}`;
  const configs = stageConfigs(
    join(directory, "config"),
    ["test/browser/dead-queue/wrangler.toml", "src/simulator/wrangler.toml", "wrangler.toml", "wrangler.engine.toml"],
    {
      ...SECRETS,
      INSTAGRAM_GRAPH_URL: graph,
      FACEBOOK_GRAPH_URL: graph,
      REPLY_DEFER_SECONDS: String(deferSeconds),
    },
  );
  const dev = await startWranglerDev({
    configs,
    port,
    persistTo: join(directory, "state"),
    output: { file: log },
    readyPath: "/healthz",
    warmPath: "/healthz",
  });
  let wanted = true;
  void dev.exited.then((code) => {
    if (!wanted) return;
    const last = readFileSync(log, "utf8").split("\n").slice(-40).join("\n");
    console.error(`wrangler dev ended by itself, with ${code}. Its last lines:\n${last}`);
  });
  const stack = {
    ...reach(dev.url),
    stop: async () => {
      wanted = false;
      await dev.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await connect(stack);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  return stack;
}

async function connect({ meta, replyline, url }: Reach): Promise<void> {
  await meta.setCallback(`${url}/webhooks`);
  const studio = await meta.putAccount(STUDIO.id, { username: STUDIO.username });
  const inSixWeeks = Date.now() + 42 * 86_400_000;
  await replyline.connect(STUDIO.id, {
    platform: "instagram",
    login: "instagram",
    accessToken: studio.accessToken,
    username: STUDIO.username,
    tokenExpiresAt: inSixWeeks,
  });
  await replyline.subscribe(STUDIO.id, ["comments", "messages"]);
  await replyline.putAutomations(STUDIO.id, [GUIDE, OPENING_HOURS]);
  const bakery = await meta.putAccount(BAKERY.id, { platform: "page", name: BAKERY.name, username: BAKERY.username });
  await replyline.connect(BAKERY.id, {
    platform: "page",
    login: "facebook",
    accessToken: bakery.accessToken,
    username: BAKERY.username,
  });
  await replyline.subscribe(BAKERY.id, ["feed", "messages"]);
  await replyline.putAutomations(BAKERY.id, [OPENING_HOURS]);
}
