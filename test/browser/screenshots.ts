/**
 * `npm run screenshots`: takes the pictures in docs/images again, from the console in a real Chromium, against both
 * Workers and the Meta simulator. Look at each before it is committed: it shows the pages as they are.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { ROOT } from "../../src/simulator/cli/stack/dev-vars.ts";
import { launch, openPage, signIn } from "./chromium.ts";
import { OPENING_HOURS, type Reach, startStack, STUDIO } from "./stack.ts";
import { commentItem, deliver, messageItem, newPerson } from "./traffic.ts";

const FOLDER = join(ROOT, "docs/images");
/** 1600 × 975 pixels: sharp in a README, and small enough for the repository. */
const LOOK = { viewport: { width: 1280, height: 780 }, deviceScaleFactor: 1.25, colorScheme: "light" } as const;
const ACCOUNT = `/console/accounts/${STUDIO.id}`;

const AUTOMATION = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide", "link"], match: "word", mediaIds: [] },
  actions: {
    privateReply: { text: "Hi {{username|there}}, here is the glazing guide: https://ana.studio/guide" },
    publicReply: { texts: ["Sent! Check your DMs.", "The link is in your DMs."] },
  },
};

/** Long enough for a countdown in the picture. */
const SHOWN_DELAY_SECONDS = 45;

interface Picture {
  name: string;
  path: string;
  /** Does what leads to the view, and waits until it is complete. */
  ready: (page: Page) => Promise<void>;
}

const PICTURES: Picture[] = [
  {
    name: "console-feed",
    path: ACCOUNT,
    ready: async (page) => {
      await page.locator(".row", { hasText: "Guide please!" }).first().click();
      await page.locator(".detail .reply").nth(1).waitFor();
      await page.locator("[data-live=live]").waitFor();
    },
  },
  {
    name: "console-automation",
    path: `${ACCOUNT}/automations`,
    ready: async (page) => {
      await page.getByRole("button", { name: `Edit ${AUTOMATION.name}` }).click();
      await page.locator("[data-act=backtest]").click();
      await page.locator(".backtest-rows li").first().waitFor();
      await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)");
    },
  },
];

/** A feed with most outcomes: sent, refused, no keyword, and replies that count down. */
async function traffic({ meta, api, replyline }: Reach): Promise<void> {
  /** Until so many replies exist, and none of them is under way. */
  const settled = async (replies: number): Promise<void> => {
    for (;;) {
      const { state } = await api.request<{ state: { replies: Record<string, number> } }>(
        "GET",
        `/accounts/${STUDIO.id}`,
      );
      const { pending = 0, sending = 0 } = state.replies;
      const all = Object.values(state.replies).reduce((sum, count) => sum + count, 0);
      if (all >= replies && pending + sending === 0) return;
      await setTimeout(500);
    }
  };
  /** A few seconds apart, so that the times in the feed differ. */
  const says = async (name: string, text: string): Promise<void> => {
    await setTimeout(2_000);
    await deliver(meta, [commentItem(text, newPerson(name))]);
  };
  const ines = newPerson("ines.p");

  await replyline.putAutomations(STUDIO.id, [AUTOMATION, OPENING_HOURS]);
  await replyline.putSettings(STUDIO.id, { deferSeconds: 1 });
  await says("noor", "the guide please");
  await says("lia.and.the.sea", "wie schön, Grüße aus Köln");
  await says("jonas_weld", "is there a guide for the blue one as well?");
  await settled(4);
  const unreachable = { kind: "error", code: 551 };
  await meta.control("POST", "/faults", { on: "private_reply", accountId: STUDIO.id, times: 1, does: unreachable });
  await says("teo", "the link?");
  await settled(6);
  await deliver(meta, [messageItem("hello! are you open on Sunday?", ines)]);
  await settled(7);
  await replyline.putSettings(STUDIO.id, { deferSeconds: SHOWN_DELAY_SECONDS });
  await says("sofia.r", "love this glaze!");
  await says("mara.k", "Guide please!");
  await says("ben.throws", "could I have the link too?");
}

const stack = await startStack(1);
try {
  await traffic(stack);
  mkdirSync(FOLDER, { recursive: true });
  const browser = await launch();
  try {
    const { page, offenses } = await openPage(browser, stack.url, LOOK);
    await signIn(page, "/console");
    for (const { name, path, ready } of PICTURES) {
      await page.goto(path);
      await ready(page);
      await page.screenshot({ path: join(FOLDER, `${name}.png`) });
      console.log(`docs/images/${name}.png`);
    }
    if (offenses.length > 0) throw new Error(offenses.join("\n"));
  } finally {
    await browser.close();
  }
} finally {
  await stack.stop();
}
