/** Light or dark: the system's setting until the reader chooses. A cookie, so that the server renders it right at once. */

const YEAR_SECONDS = 31_536_000;

export function startTheme(): void {
  document.querySelector("[data-act=theme]")?.addEventListener("click", () => {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const next = (root.dataset["theme"] ?? system) === "dark" ? "light" : "dark";
    root.dataset["theme"] = next;
    document.cookie = `replyline-theme=${next}; Path=/console; Max-Age=${YEAR_SECONDS}; SameSite=Strict`;
  });
}
