/** Keeps the overview from growing old under somebody who only looks at it. */

const EVERY_MS = 60_000;

/** Reads the page anew every minute, unless somebody is at work in it, or nobody would answer. */
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
