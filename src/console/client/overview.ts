/** Keeps an open overview up to date. */

const EVERY_MS = 60_000;

/** Reloads the page every minute, unless the reader is using it or the server cannot be reached. */
export function startOverview(): void {
  setInterval(() => void refresh(), EVERY_MS);
}

async function refresh(): Promise<void> {
  // What has the focus would lose it.
  const idle = document.activeElement === document.body && document.querySelector("dialog") === null;
  if (document.hidden || !idle) return;
  const response = await fetch("/console/session", { credentials: "same-origin" }).catch(() => null);
  if (response?.ok === true) location.reload();
}
