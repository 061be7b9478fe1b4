/** What every page must be: readable, labelled, in order, and no wider than the window. */
import type { Page } from "playwright-core";

/**
 * Text stands out 4.5 to 1, or 3 to 1 where it is large (WCAG 2.2, 1.4.3); every id is there once and every reference
 * to one leads somewhere; headings begin at one and leave no level out; nothing scrolls sideways. Runs in the page.
 */
const LOOK = `(() => {
  const problems = [];
  const visible = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const shown = (element) => element.tagName.toLowerCase() + (element.className ? "." + element.className : "") + " “" + element.textContent.trim().slice(0, 40) + "”";

  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.a > 0) layers.push(color);
      if (color.a === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  const light = ({ r, g, b }) => {
    const part = (value) => (value /= 255, value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const apart = (a, b) => {
    const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const opacityOf = (element) => {
    let opacity = 1;
    for (let at = element; at !== null; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    return opacity;
  };
  const judge = (element, color, what) => {
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ground = behind(element);
    const ink = parse(color);
    const ratio = apart(over({ ...ink, a: ink.a * opacityOf(element) }, ground), ground);
    if (ratio < (large ? 3 : 4.5)) problems.push("contrast " + ratio.toFixed(2) + ": " + what);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || !visible(element) || element.closest("script, style, :disabled, [aria-disabled=true]") !== null) continue;
    judge(element, getComputedStyle(element).color, shown(element));
  }
  for (const field of document.querySelectorAll("input, textarea")) {
    if (visible(field) && !field.matches(":disabled") && field.placeholder) judge(field, getComputedStyle(field, "::placeholder").color, "placeholder “" + field.placeholder + "”");
  }

  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids.filter((one, index) => ids.indexOf(one) !== index)) problems.push("id twice: " + id);
  for (const name of ["aria-controls", "aria-labelledby", "aria-describedby", "for"]) {
    for (const element of document.querySelectorAll("[" + name + "]")) {
      for (const id of element.getAttribute(name).split(/\\s+/)) if (!ids.includes(id)) problems.push(name + " leads nowhere: " + id);
    }
  }

  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].filter(visible).map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) problems.push("first headings: " + levels.filter((level) => level === 1).length);
  levels.forEach((level, index) => {
    if (level > (levels[index - 1] ?? 0) + 1) problems.push("a heading of level " + level + " after one of " + (levels[index - 1] ?? "none"));
  });

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push("scrolls sideways: " + scrollWidth + " of " + clientWidth);
  // A long text in a row of the feed ends in dots on purpose, and what is only read out has no room; nothing else is cut off.
  for (const element of document.querySelectorAll("button, .pill, dt, dd, h1, h2, h3, p, label, summary, td, figcaption")) {
    if (visible(element) && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline" && !element.matches(".side-title, .visually-hidden"))
      problems.push("cut off: " + shown(element));
  }
  return [...new Set(problems)];
})()`;

/** Roles that say nothing without a name. */
const NAMED = new Set(
  `button link textbox searchbox combobox spinbutton checkbox radio switch tab tabpanel tablist radiogroup dialog meter
   img image feed article navigation`.split(/\s+/),
);

interface AxNode {
  ignored: boolean;
  role?: { value?: string };
  name?: { value?: string };
}

/** Everything that is wrong with the page as it is; an empty list is what is wanted. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const found = await page.evaluate<string[]>(LOOK);
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = (await devtools.send("Accessibility.getFullAXTree")) as { nodes: AxNode[] };
  await devtools.detach();
  const nameless = nodes
    .filter(({ ignored, role, name }) => !ignored && NAMED.has(role?.value ?? "") && (name?.value ?? "").trim() === "")
    .map(({ role }) => `a ${role?.value ?? "thing"} without a name`);
  return [...found, ...new Set(nameless)];
}
