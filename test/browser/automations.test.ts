/** The editor and the list of automations, where one's own or another person's changes could be lost. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Automation } from "../../src/core/automation/automation.ts";
import { EXTREMES, shoot } from "./looks.ts";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { GUIDE, OPENING_HOURS, reach } from "./stack.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const stack = reach(url);
const { api, replyline } = stack;
/** Nothing happens to it: its automations are all that matters here. */
const DESK = "17841400000066666";
const LIST = `/console/accounts/${DESK}/automations`;

const open = signedInPages();

beforeAll(async () => {
  await connectInstagram(stack, { id: DESK, username: "front.desk" });
});

/** The list of the account, reset to these two. */
async function list(look = EXTREMES[0]): Promise<Page> {
  await replyline.putAutomations(DESK, [GUIDE, OPENING_HOURS]);
  return await another(look);
}

/** Another person's window on the same list. */
async function another(look = EXTREMES[0]): Promise<Page> {
  const page = await open(LIST, undefined, look?.options);
  await page.locator(".automation").first().waitFor();
  return page;
}

const saved = async (): Promise<Automation[]> =>
  (await api.request<{ items: Automation[] }>("GET", `/accounts/${DESK}/automations`)).items;

const save = (page: Page): Promise<void> => page.getByRole("button", { name: "Save", exact: true }).click();

describe("a mistake in the JSON", () => {
  it.each(EXTREMES)("is not saved over: the text stays and is pointed at, $name", async (look) => {
    const page = await list(look);
    await page.getByRole("button", { name: "Edit Send the guide" }).click();
    await page.getByText("Edit as JSON").click();
    const json = page.getByLabel("The automation as JSON");
    const broken = (await json.inputValue()).replace("here it is", "there it is").replace(/\}$/, ",,}");
    await json.fill(broken);
    await page.getByText("Nothing is saved.").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
    await page.getByText("Edit as JSON").click();

    await save(page);
    await json.waitFor();
    expect(await json.evaluate("document.activeElement.getAttribute('aria-label')")).toBe("The automation as JSON");
    expect(await json.inputValue()).toBe(broken);
    await shoot(page, "json-broken", look);
    expect(await saved()).toEqual([GUIDE, OPENING_HOURS]);

    await json.fill(broken.replace(",,}", "}"));
    await save(page);
    await page.getByText(/Saved as version/).waitFor();
    expect((await saved())[0]?.actions.privateReply?.text).toContain("there it is");
  });

  it("is a reason to ask before leaving, and can be dropped for what the form says", async () => {
    const page = await list();
    await page.getByRole("button", { name: "Edit Send the guide" }).click();
    await page.getByText("Edit as JSON").click();
    const json = page.getByLabel("The automation as JSON");
    const whole = await json.inputValue();
    await json.fill("{");
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await json.inputValue()).toBe("{");
    await page.getByRole("button", { name: "Discard the JSON and use the form" }).click();
    expect(await json.inputValue()).toBe(whole);
    await page.getByLabel("Name", { exact: true }).fill("The guide");
    expect(await json.inputValue()).toContain('"The guide"');
  });
});

describe("the form", () => {
  it("takes keywords with commas between them for several, and keeps a comma that is one's own", async () => {
    const page = await list();
    await page.getByRole("button", { name: "New automation" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Prices");
    await page.getByLabel("Keywords").fill('price, "yes, please"\ncost');
    await page.getByLabel("Private reply").fill("12 a piece.");
    await page.getByText("the word “price”, “yes, please” or “cost”").waitFor();
    await save(page);
    await page.getByText(/Saved as version/).waitFor();
    expect((await saved())[2]?.trigger.keywords).toEqual(["price", "yes, please", "cost"]);
    await page.getByRole("button", { name: "Edit Prices" }).click();
    expect(await page.getByLabel("Keywords").inputValue()).toBe('price\n"yes, please"\ncost');
  });

  it.each(EXTREMES)(
    "says at each field what is wrong with it, in its own words, and goes to the first, $name",
    async (look) => {
      const page = await list(look);
      await page.getByRole("button", { name: "New automation" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Prices");
      await page.getByLabel("Public reply").fill("Hi {{user");
      await page.getByText("Enter at least one keyword, or select “any text”.").waitFor();
      await save(page);
      const keywords = page.getByLabel("Keywords");
      expect(await keywords.evaluate("document.activeElement.id")).toBe("f-keywords");
      expect(await keywords.getAttribute("aria-invalid")).toBe("true");
      const described = (await keywords.getAttribute("aria-describedby")) ?? "";
      expect(described.split(" ")).toContain("f-keywords-problem");
      expect(await page.locator("#f-keywords-problem").textContent()).toContain("Enter at least one keyword");
      expect(await page.locator("#f-publicReply-problem").textContent()).toContain("These braces do not form a field");
      expect(await page.locator(".problems").textContent()).toBe("");
      await shoot(page, "automation-problems", look);

      await keywords.fill("price");
      expect(await keywords.getAttribute("aria-invalid")).toBeNull();
      expect(await page.locator("#f-keywords-problem").textContent()).toBe("");
    },
  );

  it("says what the API has refused at the field that it is about", async () => {
    const page = await list();
    await page.getByRole("button", { name: "New automation" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Prices");
    await page.getByLabel("Keywords").fill(`price, ${"k".repeat(101)}`);
    await page.getByLabel("Private reply").fill("12 a piece.");
    await save(page);
    await page
      .locator("#f-keywords-problem")
      .getByText(/^Keyword 2 \(“k+…”\) must have at most 100 characters\.$/)
      .waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("f-keywords");
    await page.getByLabel("Keywords").fill("price");
    expect(await page.locator("#f-keywords-problem").textContent()).toBe("");
    await save(page);
    await page.getByText(/Saved as version/).waitFor();
  });
});

describe("the list", () => {
  it.each(EXTREMES)("names the automation that the API has refused, and leaves that standing, $name", async (look) => {
    const page = await list(look);
    const fields = [{ field: "automations[1].trigger.keywords[0]", message: "must have at most 100 characters" }];
    const error = { code: "invalid", message: "automations[1].trigger.keywords[0]: must have …", fields };
    await page.route("**/automations", (route) =>
      route.request().method() === "PUT" ? route.fulfill({ status: 400, json: { error } }) : route.continue(),
    );
    await page.getByRole("switch", { name: "Send the guide is on" }).click({ force: true });
    await save(page);
    const refused = page.getByRole("alert");
    await refused.getByText("“Opening hours”: Keyword 1 (“open”) must have at most 100 characters.").waitFor();
    await shoot(page, "list-refused", look);
    expect(await page.locator("#toasts").textContent()).toBe("");
  });

  it("keeps its moves, switches and removals to itself when one automation is saved in the editor", async () => {
    const page = await list();
    await page.getByRole("button", { name: "Move Opening hours up" }).click();
    await page.getByRole("switch", { name: "Opening hours is on" }).click({ force: true });
    await page.getByRole("button", { name: "Edit Opening hours" }).click();
    await page.getByLabel("Message", { exact: true }).fill("From 8 on.");
    await save(page);
    await page.getByText("Your other changes in the list are not saved yet.").waitFor();
    const edited = { ...OPENING_HOURS, actions: { message: { text: "From 8 on." } } };
    expect(await saved()).toEqual([GUIDE, edited]);

    await page.getByText("Unsaved changes", { exact: true }).waitFor();
    expect(await page.locator(".automation b").allTextContents()).toEqual(["Opening hours", "Send the guide"]);
    await save(page);
    await page.getByText("Unsaved changes", { exact: true }).waitFor({ state: "detached" });
    expect(await saved()).toEqual([{ ...edited, enabled: false }, GUIDE]);
  });
});

describe("two people at the same list", () => {
  const PRICES = { ...OPENING_HOURS, id: "prices", name: "Prices" };

  it("each keep what they have changed where it is apart, and are told", async () => {
    const page = await list();
    await replyline.putAutomations(DESK, [GUIDE, OPENING_HOURS, PRICES]);
    await page.getByRole("button", { name: "Edit Opening hours" }).click();
    await page.getByLabel("Message", { exact: true }).fill("From 8 on.");
    await save(page);
    await page.getByText("It includes what another person saved while you were editing (“Prices”)").waitFor();
    const edited = { ...OPENING_HOURS, actions: { message: { text: "From 8 on." } } };
    expect(await saved()).toEqual([GUIDE, edited, PRICES]);
    expect(await page.locator(".automation b").allTextContents()).toEqual([
      "Send the guide",
      "Opening hours",
      "Prices",
    ]);
  });

  it.each(EXTREMES)(
    "are asked where both have changed the same, and see what would become of it, $name",
    async (look) => {
      const theirs = { ...OPENING_HOURS, actions: { message: { text: "From 9 on." } } };
      const edit = async (): Promise<Page> => {
        const page = await list(look);
        await page.getByRole("button", { name: "Edit Opening hours" }).click();
        await page.getByLabel("Message", { exact: true }).fill("From 8 on.");
        await replyline.putAutomations(DESK, [GUIDE, theirs, PRICES]);
        await save(page);
        return page;
      };
      const page = await edit();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("You have both changed “Opening hours”.").waitFor();
      await dialog.getByText("“From 9 on.” → “From 8 on.”").waitFor();
      expect(await dialog.getByText("Prices").count()).toBe(0);
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Cancel");
      await shoot(page, "conflict", look);
      await dialog.getByRole("button", { name: "Cancel" }).click();
      expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("From 8 on.");
      expect(await saved()).toEqual([GUIDE, theirs, PRICES]);

      await save(page);
      await dialog.getByRole("button", { name: "Save my version" }).click();
      await page.getByText(/Saved as version/).waitFor();
      expect(await saved()).toEqual([GUIDE, { ...theirs, actions: { message: { text: "From 8 on." } } }, PRICES]);

      const other = await edit();
      await other.getByRole("dialog").getByRole("button", { name: "Use their version" }).click();
      await other.locator(".automation", { hasText: "Prices" }).waitFor();
      expect(await other.getByText("Unsaved changes", { exact: true }).count()).toBe(0);
      expect(await saved()).toEqual([GUIDE, theirs, PRICES]);
    },
  );

  it("see in the list of versions which one is active, even if another person saved it", async () => {
    const page = await list();
    await page.getByRole("switch", { name: "Send the guide is on" }).click({ force: true });
    await replyline.putAutomations(DESK, [GUIDE, OPENING_HOURS, PRICES]);
    const { version } = await api.request<{ version: number }>("GET", `/accounts/${DESK}/automations`);
    await page.getByRole("button", { name: "Versions" }).click();
    await page.getByRole("heading", { name: "Versions" }).waitFor();
    const inForce = page.locator("li.card", { has: page.getByText("Active", { exact: true }) });
    expect(await inForce.locator("h2").allTextContents()).toEqual([`Version ${version}`]);
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.locator(".automation", { hasText: "Prices" }).waitFor();
    expect(await page.getByRole("switch", { name: "Send the guide is on" }).isChecked()).toBe(false);
  });
});
