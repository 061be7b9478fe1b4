/** The doctor's findings, most severe first. */
import { apiPath } from "../../api/paths.ts";
import { plural } from "../format.ts";
import { nameAndId } from "../account-name.ts";
import { get } from "./api.ts";
import { stampElement } from "./clock.ts";
import { type Child, failure, fill, h, part } from "./dom.ts";

interface Finding {
  id: string;
  level: "ok" | "info" | "warn" | "fail";
  title: string;
  fix: string | null;
  link: string | null;
}

interface Report {
  checkedAt: number;
  healthy: boolean;
  findings: Finding[];
  accounts: { id: string; name: string | null; findings: Finding[] }[];
  notExamined: number;
}

const ORDER = ["fail", "warn", "info", "ok"] as const;
const APP_DASHBOARD = "https://developers.facebook.com/apps/";
const LEVELS = { ok: "OK", info: "Info", warn: "Warning", fail: "Problem" } as const;

export function startDoctor(): void {
  const host = part("doctor");
  const examine = async (): Promise<void> => {
    host.setAttribute("aria-busy", "true");
    try {
      fill(host, content(await get<Report>(apiPath("doctor"))));
    } catch (error) {
      fill(host, failure(error, examine));
    }
  };
  document.querySelector("[data-act=examine]")?.addEventListener("click", () => void examine());
  void examine();
}

function content({ checkedAt, healthy, findings, accounts, notExamined }: Report): Child {
  const broken = [...findings, ...accounts.flatMap((account) => account.findings)].filter(
    ({ level }) => level === "fail" || level === "warn",
  );
  return [
    h(
      "p",
      { class: `notice ${healthy ? "good" : "warn"}` },
      h("b", {}, healthy ? "No problems found." : `${plural(broken.length, "check")} found a problem.`),
      " Checked ",
      stampElement(checkedAt),
      ".",
    ),
    group("Deployment", findings),
    accounts.map(({ id, name, findings: own }) => group(nameAndId(id, name), own)),
    notExamined > 0 &&
      h(
        "p",
        { class: "muted" },
        `${plural(notExamined, "more account")} not checked. The accounts with known problems are checked first.`,
      ),
  ];
}

function group(title: string, findings: readonly Finding[]): HTMLElement {
  const sorted = findings.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  return h("section", { class: "card findings" }, h("h2", {}, title), h("ul", {}, sorted.map(finding)));
}

function finding({ level, title, fix, link }: Finding): HTMLElement {
  return h(
    "li",
    { class: level },
    h("span", { class: `pill ${{ ok: "good", info: "", warn: "warn", fail: "bad" }[level]}` }, LEVELS[level]),
    h("div", {}, h("p", {}, title), fix !== null && h("p", { class: "muted" }, fix), link !== null && way(link)),
  );
}

/** An address from an answer becomes a link only if it is one of the web: never `javascript:`. */
function way(link: string): Child {
  const host = link.startsWith("https://") ? URL.parse(link)?.host : undefined;
  if (host === undefined) return null;
  const label = link.startsWith(APP_DASHBOARD) ? "Open the App Dashboard" : `Documentation at ${host}`;
  return h("a", { href: link, rel: "noreferrer", target: "_blank" }, label);
}
