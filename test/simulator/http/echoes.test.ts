/** What comes back as an echo: templates as Meta sends them, and the quick answers of Meta's inbox. */
import { describe, expect, test } from "vitest";
import { COMMENTER, PAGE, peopledWorld, STUDIO, writeComment, writeMessage, type World } from "../world.ts";

interface EchoMessage {
  mid: string;
  is_echo?: boolean;
  app_id?: number;
  text?: string;
  attachments?: unknown[];
}

/** The echoes that the receiver got, oldest first. */
const echoes = (world: World): { timestamp: number; message: EchoMessage }[] =>
  world.posts
    .map(({ body }) => JSON.parse(body) as { entry: { messaging?: { timestamp: number; message?: EchoMessage }[] }[] })
    .flatMap(({ entry }) => entry.flatMap(({ messaging }) => messaging ?? []))
    .filter((item): item is { timestamp: number; message: EchoMessage } => item.message?.is_echo === true);

const PERSON = "7281934650182736";
const BUTTONS = [{ type: "postback", title: "The guide", payload: "GUIDE" }];

/** Sends a message and returns its echo. */
async function echoOf(platform: "instagram" | "page", message: object): Promise<EchoMessage | undefined> {
  const world = await peopledWorld();
  writeMessage(world, PERSON, platform);
  const page = platform === "page";
  const { status } = await world.graph("POST", `/v26.0/${page ? PAGE : STUDIO}/messages`, {
    token: page ? world.pageToken : world.studioToken,
    body: { recipient: { id: PERSON }, message },
  });
  expect(status).toBe(200);
  await world.advance(1000);
  return echoes(world)[0]?.message;
}

const template = (payload: object): object => ({ attachment: { type: "template", payload } });

describe("the echo of a template", () => {
  test("a button template on Instagram: its text is the echo's text", async () => {
    const echo = await echoOf("instagram", template({ template_type: "button", text: "Pick one", buttons: BUTTONS }));
    expect(echo).toMatchObject({ text: "Pick one", attachments: [{ type: "template", payload: {} }] });
    expect(echo?.attachments).toEqual([{ type: "template", payload: {} }]);
  });

  test("a button template on a Page: its text is the echo's text, and the buttons stay", async () => {
    const echo = await echoOf("page", template({ template_type: "button", text: "Pick one", buttons: BUTTONS }));
    expect(echo?.text).toBe("Pick one");
    expect(echo?.attachments).toEqual([
      { title: "", type: "template", payload: { template_type: "button", buttons: BUTTONS } },
    ]);
  });

  test("a generic template: the cards under the template's name on Instagram, with the type on a Page", async () => {
    const elements = [{ title: "Your guide", buttons: BUTTONS }];
    const cards = template({ template_type: "generic", elements });
    const instagram = await echoOf("instagram", cards);
    expect(instagram?.text).toBeUndefined();
    expect(instagram?.attachments).toEqual([{ type: "template", payload: { generic: { elements } } }]);
    expect((await echoOf("page", cards))?.attachments).toEqual([
      { title: "", type: "template", payload: { template_type: "generic", elements } },
    ]);
  });

  test("an image comes back with the address of Meta's copy", async () => {
    const image = { attachment: { type: "image", payload: { url: "https://example.com/guide.png" } } };
    const [attachment] = (await echoOf("instagram", image))?.attachments ?? [];
    expect(attachment).toEqual({ type: "image", payload: { url: expect.stringMatching(/^https:\/\/lookaside\./) } });
  });
});

describe("the quick answers of Meta's inbox", () => {
  const text = "Thanks for writing! We answer within a day.";

  test.each(["instagram", "page"] as const)(
    "%s: an echo without an app, 1 to 5 s after the message",
    async (platform) => {
      const world = await peopledWorld();
      await world.control("PUT", "/settings", { automaticReply: { text } });
      for (const person of ["1", "2", "3"]) writeMessage(world, person, platform);
      await world.advance(999);
      expect(echoes(world)).toEqual([]);
      await world.advance(4001);
      expect(echoes(world).map(({ message }) => message)).toEqual(
        Array.from({ length: 3 }, () => ({ mid: expect.any(String), is_echo: true, text })),
      );
      const mids = new Set(echoes(world).map(({ message }) => message.mid));
      expect(mids.size).toBe(3);
    },
  );

  test("the delay can be set, and off is off", async () => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { automaticReply: { text, delayMs: 3000 } });
    writeMessage(world, "1");
    await world.advance(2999);
    expect(echoes(world)).toHaveLength(0);
    await world.advance(1);
    expect(echoes(world)).toHaveLength(1);
    await world.control("PUT", "/settings", { automaticReply: null });
    writeMessage(world, "2");
    await world.advance(10_000);
    expect(echoes(world)).toHaveLength(1);
  });

  test("a comment and a message of the account get none", async () => {
    const world = await peopledWorld();
    await world.control("PUT", "/settings", { automaticReply: { text } });
    writeComment(world, "1");
    writeMessage(world, COMMENTER.id);
    await world.graph("POST", `/v26.0/${STUDIO}/messages`, {
      token: world.studioToken,
      body: { recipient: { id: COMMENTER.id }, message: { text: "Hello" } },
    });
    await world.advance(60_000);
    expect(echoes(world).map(({ message }) => message.text)).toEqual(["Hello", text]);
  });
});
