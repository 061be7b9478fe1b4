/**
 * A long list of rows of one height, of which only those in sight are in the page. Rows keep their elements while they
 * stay in sight, so focus and selection survive what arrives above them.
 */

export interface VirtualListOptions<Row> {
  /** The scrolling element. */
  host: HTMLElement;
  key: (row: Row) => string;
  render: (row: Row) => HTMLElement;
  /** Called when the end of what is there comes near. */
  nearEnd: () => void;
}

/** Rows kept ready above and below those in sight. */
const MARGIN = 6;
const NEAR_END = 15;

export class VirtualList<Row> {
  readonly #options: VirtualListOptions<Row>;
  readonly #canvas = document.createElement("div");
  readonly #shown = new Map<string, { row: Row; element: HTMLElement }>();
  #rows: readonly Row[] = [];
  #total: number | null = null;
  #planned = false;

  constructor(options: VirtualListOptions<Row>) {
    this.#options = options;
    this.#canvas.className = "canvas";
    const { host } = options;
    host.addEventListener("scroll", () => this.#plan(), { passive: true });
    new ResizeObserver(() => this.#plan()).observe(host);
  }

  /**
   * @param added rows that are new at the top; what is being read stays where it is
   * @param total how many there are in all, where that is known, for screen readers
   */
  set(rows: readonly Row[], added: number, total: number | null): void {
    const { host } = this.#options;
    if (this.#canvas.parentNode !== host) host.replaceChildren(this.#canvas);
    this.#rows = rows;
    this.#total = total;
    const height = this.#rowHeight();
    this.#canvas.style.height = `${rows.length * height}px`;
    if (added > 0 && host.scrollTop > 0) host.scrollTop += added * height;
    this.#draw();
  }

  /** Brings a row into sight and gives it the focus. */
  focus(index: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    const { host, key } = this.#options;
    const height = this.#rowHeight();
    const top = index * height;
    if (top < host.scrollTop) host.scrollTop = top;
    else if (top + height > host.scrollTop + host.clientHeight) host.scrollTop = top + height - host.clientHeight;
    this.#draw();
    this.#shown.get(key(row))?.element.focus({ preventScroll: true });
  }

  #rowHeight(): number {
    return Number.parseFloat(getComputedStyle(this.#options.host).getPropertyValue("--row")) || 44;
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => {
      this.#planned = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { host, key, render, nearEnd } = this.#options;
    // Something else is shown in its place.
    if (this.#canvas.parentNode !== host) return;
    const height = this.#rowHeight();
    const first = Math.max(0, Math.floor(host.scrollTop / height) - MARGIN);
    const last = Math.min(this.#rows.length, Math.ceil((host.scrollTop + host.clientHeight) / height) + MARGIN);
    const wanted = new Set(this.#rows.slice(first, last).map(key));
    let next = this.#canvas.firstChild;
    for (const [id, { row, element }] of this.#shown) {
      if (wanted.has(id)) continue;
      const index = element === document.activeElement ? this.#rows.indexOf(row) : -1;
      if (index < 0) {
        if (next === element) next = element.nextSibling;
        element.remove();
        this.#shown.delete(id);
        continue;
      }
      // Out of sight, but the keyboard is there.
      element.style.transform = `translateY(${index * height}px)`;
      if (next === element && index < first) next = element.nextSibling;
    }
    // In the order in which they are seen, for screen readers. Those that stay are never moved: that would take
    // the focus from them.
    for (let index = first; index < last; index++) {
      const row = this.#rows[index];
      if (row === undefined) continue;
      const id = key(row);
      const known = this.#shown.get(id);
      const element = known?.row === row ? known.element : render(row);
      if (known !== undefined && known.element !== element) {
        const focused = known.element === document.activeElement;
        known.element.replaceWith(element);
        if (focused) element.focus({ preventScroll: true });
      } else if (known === undefined) this.#canvas.insertBefore(element, next);
      if (known?.row !== row) this.#shown.set(id, { row, element });
      element.style.transform = `translateY(${index * height}px)`;
      element.setAttribute("aria-posinset", String(index + 1));
      element.setAttribute("aria-setsize", String(this.#total ?? -1));
      next = element.nextSibling;
    }
    if (last >= this.#rows.length - NEAR_END) nearEnd();
  }
}
