/** Tabs as the ARIA Authoring Practices have them: arrow keys move, the chosen one is in the order of Tab. */

export function startTabs(host: HTMLElement, first: string, chosen: (tab: HTMLElement) => void): void {
  const tabs = [...host.querySelectorAll<HTMLElement>("[role=tab]")];
  const choose = (tab: HTMLElement, focus: boolean): void => {
    for (const one of tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
    }
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (panel !== null && tab.id !== "") panel.setAttribute("aria-labelledby", tab.id);
    showTab(host, tab);
    if (focus) tab.focus();
    chosen(tab);
  };
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab, false));
  host.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const tab = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) return;
    event.preventDefault();
    choose(tab, true);
  });
  const start = tabs.find((tab) => tab.matches(first)) ?? tabs[0];
  if (start !== undefined) choose(start, false);
}

/**
 * On a phone the tabs are a row that scrolls. Only the row is moved: `scrollIntoView()` also moves the start of the Tab
 * order in Chromium, and the skip link and the navigation would be passed over.
 */
function showTab(host: HTMLElement, tab: HTMLElement): void {
  const [row, own] = [host.getBoundingClientRect(), tab.getBoundingClientRect()];
  if (own.left < row.left) host.scrollLeft -= row.left - own.left;
  else if (own.right > row.right) host.scrollLeft += own.right - row.right;
}
