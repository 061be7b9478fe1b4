/** The automations of the workloads. Keywords: `guide`, `live`, `price`, `hello`. */
import type { Automation } from "../../../src/core/automation/automation.ts";

const base = (id: string, on: Automation["trigger"]["on"], keyword: string) => ({
  id,
  name: id,
  enabled: true,
  trigger: { on, keywords: [keyword], match: "word" as const, mediaIds: [] },
});

export const GUIDE: Automation = {
  ...base("guide", "comment", "guide"),
  actions: { privateReply: { text: "Hi {{username}}, here it is: https://example.com/guide" } },
};

/** Also replies publicly. One of the texts has the keyword: answered, it would cause the next reply. */
export const GUIDE_IN_PUBLIC: Automation = {
  ...GUIDE,
  actions: { ...GUIDE.actions, publicReply: { texts: ["Sent! Check your messages.", "The guide is on its way."] } },
};

/** Needs a read of the media just before the send. */
export const GUIDE_WITH_LINK: Automation = {
  ...GUIDE,
  actions: { privateReply: { text: "You asked under {{media.permalink}}: https://example.com/guide" } },
};

export const LIVE: Automation = {
  ...base("live", "live_comment", "live"),
  actions: { privateReply: { text: "Thanks for watching: https://example.com/live" } },
};

/** Two automations that one message can trigger. Their texts contain the message. */
export const PRICE: Automation = {
  ...base("price", "message", "price"),
  actions: { message: { text: "Our prices: https://example.com/prices (you wrote: {{text}})" } },
};

export const HELLO: Automation = {
  ...base("hello", "message", "hello"),
  actions: { message: { text: "Hello! (you wrote: {{text}})" } },
};

/** The same text for all people, so its echoes are hard to distinguish. */
export const PLAIN_PRICE: Automation = {
  ...base("price", "message", "price"),
  actions: { message: { text: "Our prices: https://example.com/prices" } },
};
