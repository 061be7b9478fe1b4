/** On a phone the places stand in a row that scrolls: the one that is shown must be in sight. */
export function startNavigation(): void {
  const here = document.querySelector<HTMLElement>(".side [aria-current]");
  const row = here?.closest<HTMLElement>(".side");
  if (here == null || row == null) return;
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}
