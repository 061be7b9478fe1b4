/** Whether the reader is using a part of the page: nothing may move under the pointer or lose the focus then. */

/** Long enough for a tap to become its click, short enough not to be noticed. */
const LEAVING_MS = 300;

export class UserActivity {
  readonly #host: HTMLElement;
  #pointer = false;

  /** @param left called once the reader has left it */
  constructor(host: HTMLElement, left: () => void) {
    this.#host = host;
    const leaving = (): void => {
      setTimeout(() => {
        if (!this.is()) left();
      }, LEAVING_MS);
    };
    host.addEventListener("pointerenter", () => {
      this.#pointer = true;
    });
    host.addEventListener("pointerleave", () => {
      this.#pointer = false;
      leaving();
    });
    host.addEventListener("focusout", leaving);
  }

  /** A button that was clicked keeps the focus long after the pointer has gone: only the keyboard's counts. */
  is(): boolean {
    return (this.#pointer && this.#host.matches(":hover")) || this.#host.querySelector(":focus-visible") !== null;
  }
}
