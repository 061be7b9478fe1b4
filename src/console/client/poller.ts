/**
 * Something that is read again and again, because it may have changed, or just has. However many ask, it is read at most
 * every few seconds, and an answer that comes late never takes the place of a newer one.
 */

/** A busy account tells of something several times a second. */
const AT_MOST_EVERY_MS = 5_000;
const SOON_MS = 150;

export class Poller {
  readonly #read: (isNewest: () => boolean) => Promise<void>;
  #planned: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;
  #begun = 0;
  #shown = 0;

  /** @param read asks, and shows the answer if `isNewest()`, which is asked once, says so */
  constructor(read: (isNewest: () => boolean) => Promise<void>) {
    this.#read = read;
  }

  /** Something happened. A failure says nothing: what is shown stays, and is read again. */
  soon(): void {
    const delayMs = Math.max(SOON_MS, this.#askedAt + AT_MOST_EVERY_MS - Date.now());
    this.#planned ??= setTimeout(() => void this.now().catch(() => undefined), delayMs);
  }

  /** At once, in place of what was planned. Rejects when it cannot be read. */
  async now(): Promise<void> {
    if (this.#planned !== undefined) clearTimeout(this.#planned);
    this.#planned = undefined;
    this.#askedAt = Date.now();
    const number = ++this.#begun;
    await this.#read(() => {
      if (number < this.#shown) return false;
      this.#shown = number;
      return true;
    });
  }
}
