import { describe, expect, it } from "vitest";
import { createTokenEncryption } from "../../../../src/engine/account/connection/token-encryption.ts";

const OLD = new Uint8Array(32).fill(1);
const NEW = new Uint8Array(32).fill(2);
const OTHER = new Uint8Array(32).fill(3);
const TOKEN = "IGAAcanaryTokenNotReal";

describe("a sealed token", () => {
  it("opens for its own account only", async () => {
    const tokenEncryption = createTokenEncryption([NEW]);
    const sealed = await tokenEncryption.seal("17841", TOKEN);
    expect(sealed).not.toContain(TOKEN);
    expect(await tokenEncryption.open("17841", sealed)).toBe(TOKEN);
    expect(await tokenEncryption.open("17842", sealed)).toBeNull();
    expect(await tokenEncryption.open("", sealed)).toBeNull();
  });

  it("does not open for another account by changing the name in its header", async () => {
    const tokenEncryption = createTokenEncryption([NEW]);
    const [header = "", ...rest] = (await tokenEncryption.seal("17841", TOKEN)).split(".");
    const claims = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))) as Record<string, unknown>;
    const forged = btoa(JSON.stringify({ ...claims, sub: "17842" }))
      .replaceAll("+", "-")
      .replaceAll("/", "_");
    expect(await tokenEncryption.open("17842", [forged.replace(/=+$/, ""), ...rest].join("."))).toBeNull();
  });

  it("does not open after any change of a single character", async () => {
    const tokenEncryption = createTokenEncryption([NEW]);
    const sealed = await tokenEncryption.seal("17841", TOKEN);
    for (let at = 0; at < sealed.length; at++) {
      const character = sealed[at] === "A" ? "B" : "A";
      const damaged = sealed.slice(0, at) + character + sealed.slice(at + 1);
      const opened = await tokenEncryption.open("17841", damaged);
      // The last character of a part may have unused bits. A change of these changes nothing.
      if (opened !== null) expect(opened).toBe(TOKEN);
      const isPaddingBit = sealed[at + 1] === "." || at === sealed.length - 1;
      if (!isPaddingBit) expect(opened, `character ${at}`).toBeNull();
    }
  });

  it.each(["", ".", "....", "not a token", "a.b.c.d.e", "e30...."])("is not this: %s", async (sealed) => {
    const tokenEncryption = createTokenEncryption([NEW]);
    expect(await tokenEncryption.open("17841", sealed)).toBeNull();
    expect(tokenEncryption.isCurrent(sealed)).toBe(false);
  });

  it("is different each time", async () => {
    const tokenEncryption = createTokenEncryption([NEW]);
    const sealed = await Promise.all(Array.from({ length: 200 }, () => tokenEncryption.seal("17841", TOKEN)));
    expect(new Set(sealed).size).toBe(200);
    expect(new Set(sealed.map((one) => one.split(".")[2])).size).toBe(200);
  });
});

describe("key rotation", () => {
  it("opens tokens of the older key, and reports that they must be sealed again", async () => {
    const before = createTokenEncryption([OLD]);
    const after = createTokenEncryption([NEW, OLD]);
    const sealed = await before.seal("17841", TOKEN);
    expect(before.isCurrent(sealed)).toBe(true);
    expect(await after.open("17841", sealed)).toBe(TOKEN);
    expect(after.isCurrent(sealed)).toBe(false);
    const again = await after.seal("17841", TOKEN);
    expect(after.isCurrent(again)).toBe(true);
    expect(await createTokenEncryption([NEW]).open("17841", again)).toBe(TOKEN);
    expect(await before.open("17841", again)).toBeNull();
  });

  it("opens no token of an unknown key", async () => {
    const sealed = await createTokenEncryption([OTHER]).seal("17841", TOKEN);
    expect(await createTokenEncryption([NEW, OLD]).open("17841", sealed)).toBeNull();
  });

  it("needs at least one key", () => {
    expect(() => createTokenEncryption([])).toThrow("holds no key");
  });
});
