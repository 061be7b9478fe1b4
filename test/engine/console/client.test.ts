/** The parts of the console's script that need no page. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import { automationSentence } from "../../../src/console/client/automation-sentence.ts";
import { readAutomation } from "../../../src/console/client/automation-from-json.ts";
import { changesOf } from "../../../src/console/client/automation-changes.ts";
import { emptyPeople } from "../../../src/console/client/empty-people.ts";
import { prettyJson } from "../../../src/console/client/raw-json.ts";
import { ago, countdown, localStamp, span } from "../../../src/console/format.ts";
import { networkOf } from "../../../src/engine/auth/client-key.ts";

const GUIDE: Automation = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: { privateReply: { text: "Here it is" } },
};
const HOURS: Automation = {
  id: "hours",
  name: "Opening hours",
  enabled: true,
  trigger: { on: "message", keywords: [], match: "any", mediaIds: [] },
  actions: { message: { text: "From 7 to 18" } },
};

describe("JSON laid out for reading", () => {
  it("keeps every digit of a number, whatever JavaScript would make of it", () => {
    expect(prettyJson('{"id":17841405793187218999,"n":1.10,"e":1e400}')).toBe(
      '{\n  "id": 17841405793187218999,\n  "n": 1.10,\n  "e": 1e400\n}',
    );
  });

  it("resolves Meta's escapes and keeps what would break a line", () => {
    expect(prettyJson(String.raw`{"text":"Gr\u00fc\u00dfe \ud83d\ude4f a\/b \"q\" \n","empty":{},"none":[]}`)).toBe(
      '{\n  "text": "Grüße 🙏 a/b \\"q\\" \\n",\n  "empty": {},\n  "none": []\n}',
    );
  });

  it("says the same as the text it was made of", () => {
    const text = '{"a":[1,{"b":null,"c":[true,false]},"x,:]}"],"d":"\\\\"}';
    expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
  });

  it("leaves alone what is no JSON", () => {
    expect(prettyJson('{"a":')).toBe('{"a":');
    expect(prettyJson("")).toBe("");
  });
});

describe("what has changed between two versions", () => {
  it("is said per automation, with the place and both values", () => {
    const louder = { ...GUIDE, enabled: false, actions: { privateReply: { text: "Here!" } } };
    expect(changesOf([GUIDE, HOURS], [louder])).toEqual([
      { sign: "changed", text: "“Send the guide”: enabled: true → false" },
      { sign: "changed", text: "“Send the guide”: actions.privateReply.text: “Here it is” → “Here!”" },
      { sign: "removed", text: "“Opening hours” removed" },
    ]);
  });

  it("knows a new order from a change, and nothing from something", () => {
    expect(changesOf([GUIDE, HOURS], [HOURS, GUIDE])).toEqual([{ sign: "moved", text: "Order changed" }]);
    expect(changesOf([GUIDE], [HOURS, GUIDE])).toEqual([{ sign: "added", text: "“Opening hours” added" }]);
    expect(changesOf([GUIDE], [GUIDE])).toEqual([{ sign: "same", text: "No changes" }]);
  });
});

describe("an automation", () => {
  it("reads as a sentence", () => {
    expect(automationSentence(GUIDE)).toBe("On a comment that contains the word “guide”: a private reply.");
    expect(automationSentence(HOURS)).toBe("On a message: a message.");
    const many = {
      ...GUIDE,
      deferSeconds: 1,
      trigger: { ...GUIDE.trigger, keywords: ["a", "b", "c", "d", "e", "f"], mediaIds: ["1"] },
    };
    expect(automationSentence(many)).toBe(
      "On a comment that contains the word “a”, “b”, “c”, “d” or 2 more on 1 selected post: a private reply after 1 second.",
    );
  });

  it("is taken from JSON with its defaults, or refused with what is wrong", () => {
    const short = { id: "x", name: "X", trigger: { on: "message" }, actions: { message: { text: "hi" } } };
    expect(readAutomation(JSON.stringify(short))).toEqual({
      ...short,
      enabled: true,
      trigger: { on: "message", match: "word", keywords: [], mediaIds: [] },
    });
    for (const [wrong, words] of [
      ["[]", "object"],
      ["{", "JSON"],
      [JSON.stringify({ ...short, trigger: { on: "poke" } }), "trigger.on"],
      [JSON.stringify({ ...short, trigger: { on: "message", keywords: [1] } }), "keywords"],
      [JSON.stringify({ ...short, trigger: { on: "comment", mediaIds: [17841] } }), "quotes"],
      [JSON.stringify({ ...short, actions: { message: "hi" } }), "actions.message"],
    ] as const) {
      expect(readAutomation(wrong), wrong).toContain(words);
    }
  });
});

describe("a list without people", () => {
  it("distinguishes an empty list from a search without a match", () => {
    expect(emptyPeople({ search: "", held: false }).title).toBe("No conversations yet");
    expect(emptyPeople({ search: "zzz", held: false })).toEqual({
      title: "No match for “zzz”",
      text: "No person who has contacted this account has this in their name or id.",
    });
    expect(emptyPeople({ search: "zzz", held: true }).text).toContain("paused automations");
    expect(emptyPeople({ search: "", held: true }).title).toBe("Automations are not paused for any person");
  });
});

describe("times", () => {
  it("are said where the reader is, with how far that is from UTC", () => {
    const at = Date.UTC(2026, 10, 22, 23, 5, 9);
    expect(localStamp(at, "UTC")).toBe("2026-11-22 23:05:09 UTC");
    expect(localStamp(at, "Europe/Berlin")).toBe("2026-11-23 00:05:09 GMT+1");
    expect(localStamp(at, "Asia/Kolkata")).toBe("2026-11-23 04:35:09 GMT+5:30");
  });

  it("are short, and never negative", () => {
    expect([0, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 172_800_000].map(span)).toEqual([
      "now",
      "now",
      "1 s",
      "59 s",
      "1 min",
      "59 min",
      "1 h",
      "2 d",
    ]);
    expect(ago(null, 0)).toBe("never");
    expect([-5, 0, 1, 1_001, 61_000, 3_661_000].map(countdown)).toEqual([
      "0:00",
      "0:00",
      "0:01",
      "0:02",
      "1:01",
      "1:01:01",
    ]);
  });
});

describe("a client that signs in", () => {
  it("is one address of IPv4, and one network of IPv6", () => {
    expect(networkOf("203.0.113.7")).toBe("203.0.113.7");
    expect(networkOf("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
    expect(networkOf("2001:db8::1")).toBe("2001:db8:0:0");
    expect(networkOf("2001:0db8:0000:0000:ffff::1")).toBe("2001:db8:0:0");
    expect(networkOf("::1")).toBe("0:0:0:0");
    expect(networkOf("2001:db8:1:3::")).not.toBe(networkOf("2001:db8:1:2::"));
  });
});
