import { describe, expect, it } from "vitest";
import type { MessageContent } from "../../../src/core/automation/automation.ts";
import { fingerprint, fingerprintOf, foldEchoText, isEchoOf } from "../../../src/core/reply/fingerprint.ts";

const BUTTONS: MessageContent = {
  attachment: {
    type: "template",
    payload: {
      template_type: "button",
      text: "Pick one",
      buttons: [{ type: "postback", title: "Send it", payload: "X" }],
    },
  },
};
const CARDS: MessageContent = {
  attachment: {
    type: "template",
    payload: { template_type: "generic", elements: [{ title: "The guide", subtitle: "20 pages" }] },
  },
};
const IMAGE: MessageContent = { attachment: { type: "image", payload: { url: "https://example.com/a.png" } } };

const matches = (sent: MessageContent, text: string | null, attachments: { type: string; payload?: unknown }[] = []) =>
  isEchoOf(fingerprintOf(sent), fingerprint(text, attachments));

describe("an echo is of a message", () => {
  it.each<[string, MessageContent, string | null, { type: string; payload?: unknown }[]]>([
    ["with the same text", { text: "Here it is" }, "Here it is", []],
    ["with other white space", { text: "Here  it\nis" }, "Here it is ", []],
    ["with a slash behind the address", { text: "See https://a.example/b now" }, "See https://a.example/b/ now", []],
    ["in another Unicode form", { text: "caf\u00e9" }, "cafe\u0301", []],
    ["of buttons, as its text", BUTTONS, "Pick one", []],
    ["of buttons, as its text with an empty template", BUTTONS, "Pick one", [{ type: "template", payload: {} }]],
    [
      "of cards, as a template",
      CARDS,
      null,
      [{ type: "template", payload: { generic: { elements: [{ title: "The guide" }] } } }],
    ],
  ])("%s", (_, sent, text, attachments) => {
    expect(matches(sent, text, attachments)).toBe(true);
  });

  it.each<[string, MessageContent, string | null, { type: string; payload?: unknown }[]]>([
    ["with another text", { text: "Here it is" }, "Here it was", []],
    ["that is a person's photo", CARDS, null, [{ type: "image", payload: { url: "https://x" } }]],
    [
      "that is a photo like ours: nothing tells them apart",
      IMAGE,
      null,
      [{ type: "image", payload: { url: "https://x" } }],
    ],
    ["without any content", IMAGE, null, []],
    ["without any content, to a text", { text: "Here it is" }, null, []],
    [
      "with more words than were sent",
      { text: "Pick one" },
      "Pick one",
      [{ type: "template", payload: { text: "Other" } }],
    ],
    ["of a text, that is a photo with the same words", { text: "Look" }, "Look", [{ type: "image" }]],
  ])("but not of one %s", (_, sent, text, attachments) => {
    expect(matches(sent, text, attachments)).toBe(false);
  });

  it("is compared without an end to what it holds", () => {
    let deep: unknown = "x";
    for (let n = 0; n < 1_000; n++) deep = { text: "words", deep };
    expect(fingerprint(null, [{ type: "template", payload: deep }]).words).toEqual(new Set(["words"]));
  });
});

it("the folded form of a text is the same once more", () => {
  for (const text of ["  a  b ", "https://a.example/", "x https://a.example/b/ y"]) {
    expect(foldEchoText(foldEchoText(text))).toBe(foldEchoText(text));
  }
});
