import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength } from "../../../src/core/automation/text.ts";
import { fieldsOf, parseTemplate, readsOf, render, renderBeforeReads } from "../../../src/core/automation/template.ts";

describe("rendering a template", () => {
  it("replaces fields with their values", () => {
    expect(render("Hi {{username}}, you wrote: {{ text }}", { username: "ana", text: "guide" })).toBe(
      "Hi ana, you wrote: guide",
    );
  });

  it("uses the default if a field is missing or blank", () => {
    const template = "Hi {{username|there}}!";
    expect(render(template, {})).toBe("Hi there!");
    expect(render(template, { username: "  " })).toBe("Hi there!");
    expect(render(template, { username: "ana" })).toBe("Hi ana!");
  });

  it("removes a missing field without a default", () => {
    expect(render("Hi{{username}}!", {})).toBe("Hi!");
  });

  it("trims the text and each value", () => {
    expect(render("  {{text}}\n", { text: " \n guide " })).toBe("guide");
    expect(render(" {{text}} ", {})).toBe("");
  });

  it("reads no property that is not a field", () => {
    expect(render("{{constructor|x}}{{toString|y}}", {})).toBe("xy");
  });

  it("keeps braces that do not form a field", () => {
    expect(render("{a} {{}} {{1}} {{a b}} }}", { a: "!" })).toBe("{a} {{}} {{1}} {{a b}} }}");
  });

  it("shortens long text from other people, so that the owner's link is not cut off", () => {
    const rendered = render("You wrote {{text}}: https://example.com/guide", { text: "é".repeat(900) });
    expect(rendered).toMatch(/^You wrote é+…: https:\/\/example\.com\/guide$/);
    expect(byteLength(rendered)).toBeLessThan(400);
  });

  it("never shortens a URL", () => {
    const url = `https://example.com/${"a".repeat(900)}`;
    expect(render("{{media.permalink}}", { "media.permalink": url })).toBe(url);
  });
});

describe("the fields of a template", () => {
  it("lists each field once, in order", () => {
    expect(fieldsOf("{{username}} {{text}} {{ username|x }} {{media.id}}")).toEqual(["username", "text", "media.id"]);
  });

  it("lists the fields that need a Graph read", () => {
    expect(readsOf("{{text}} {{media.permalink}} {{parent.text|-}}")).toEqual(["media.permalink", "parent.text"]);
    expect(readsOf("{{text}}")).toEqual([]);
  });

  it("loses no part of the template", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("{", "}", "|", "a", ".", " ", "1") }), (template) => {
        const parts = parseTemplate(template).map((part) => ("text" in part ? part.text : part.source));
        expect(parts.join("")).toBe(template);
      }),
      { numRuns: 500 },
    );
  });
});

describe("rendering in two passes, when a field must be read first", () => {
  const template = "{{username}}: {{text}} ({{media.permalink}})";

  it("leaves the fields to be read unrendered, and fills them in later", () => {
    const first = renderBeforeReads(template, { username: "ana", text: "guide" }, ["media.permalink"]);
    expect(first).toBe("ana: guide ({{media.permalink}})");
    expect(render(first, { "media.permalink": "https://instagram.com/p/1" })).toBe(
      "ana: guide (https://instagram.com/p/1)",
    );
  });

  it("keeps the default for the second pass", () => {
    const first = renderBeforeReads("{{parent.text|nothing}}", {}, ["parent.text"]);
    expect(render(first, {})).toBe("nothing");
  });

  it("uses the default at once if there is nothing to read", () => {
    expect(renderBeforeReads("{{parent.text|nothing}}", {}, [])).toBe("nothing");
  });

  it.each([
    ["a whole field", "{{media.permalink}}", "owner {{text}}"],
    ["a field closed by the owner's braces", "{{media.permalink", "owner {{text}}}}"],
    ["a field opened by the owner's brace", "{media.permalink}}", "owner {{{text}}"],
    ["a field between the owner's single braces", "{media.permalink}", "owner {{{text}}}"],
    ["a field opened by one of the owner's braces", "{media.permalink", "owner {{{text}}}}"],
    ["a field closed by one of the owner's braces", "media.permalink}", "owner {{{{text}}}"],
    ["a field in two values", "{{media.permalink", "owner {{text}}{{username}}"],
  ])("never parses text from other people as a field: %s", (_, text, owner) => {
    const first = renderBeforeReads(`${owner} {{media.permalink}}`, { text, username: "}}" }, ["media.permalink"]);
    const second = render(first, { "media.permalink": "SECRET" });
    expect(second.split("SECRET")).toHaveLength(2);
  });

  it("for every value: a second pass finds only the fields that the owner wrote", () => {
    const braces = fc.string({ unit: fc.constantFrom("{", "}", "{{text}}", "media.permalink", "|", " ", "a") });
    fc.assert(
      fc.property(braces, braces, (text, username) => {
        const first = renderBeforeReads("{{{text}}{{username}}} {{media.permalink}}", { text, username }, [
          "media.permalink",
        ]);
        expect(fieldsOf(first)).toEqual(["media.permalink"]);
        expect(fieldsOf(render(first, { "media.permalink": text }))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it("changes values only by invisible characters between braces", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("{", "}", "a", "é", " ") }), (username) => {
        expect(render("{{username}}", { username }).replaceAll("\u2060", "")).toBe(username.trim());
      }),
    );
  });
});
