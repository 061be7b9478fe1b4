/** Short messages at the edge of the page, announced to screen readers. */
const SHOWN_MS = 6_000;

export function toast(text: string, tone: "good" | "bad" = "good"): void {
  const host = document.getElementById("toasts");
  const element = document.createElement("p");
  element.className = `toast ${tone}`;
  element.textContent = text;
  host?.appendChild(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}

export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : "Something went wrong.", "bad");
}
