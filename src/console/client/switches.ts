/** What stops sending: of one account, or of all. Everything is captured all the while. */
import { accountApi, api } from "./api.ts";
import { ask } from "./dialog.ts";
import { readNow } from "./account-watch.ts";
import { busyWhile } from "./dom.ts";

export function startSwitches(): void {
  on("stop-all", async () => {
    const reason = await ask({
      title: "Stop all sending?",
      text: "No reply of any account leaves until you go on. Everything is still captured and scheduled; Meta's windows go on closing meanwhile.",
      action: "Stop all sending",
      danger: true,
      input: { label: "Why (shown to everybody)", placeholder: "wrong link in the guide" },
    });
    if (reason === null) return false;
    await api("PUT", "/incident", { stopped: true, reason });
    return true;
  });
  on("resume-all", async () => {
    const sure = await ask({
      title: "Go on sending?",
      text: "What waits leaves within Meta's limits, spread as always. What is past its window by now has expired and stays unsent.",
      action: "Go on sending",
    });
    if (sure === null) return false;
    await api("PUT", "/incident", { stopped: false });
    return true;
  });
  on("pause", async () => {
    const sure = await ask({
      title: "Stop this account's sending?",
      text: "Its replies wait until you go on. Everything is still captured and scheduled; Meta's windows go on closing meanwhile.",
      action: "Stop sending",
      danger: true,
    });
    if (sure === null) return false;
    await api("PUT", accountApi("/settings"), { sending: "paused" });
    return true;
  });
  on("unpause", async () => {
    await api("PUT", accountApi("/settings"), { sending: "on" });
    return true;
  });
}

/** @param run tells whether anything has changed; then the banner above the page are read anew, and what is in it stays */
function on(act: string, run: () => Promise<boolean>): void {
  document.addEventListener("click", ({ target }) => {
    const element = target instanceof Element ? target.closest<HTMLButtonElement>(`[data-act="${act}"]`) : null;
    if (element === null) return;
    void busyWhile(element, async () => {
      if (await run()) await shown();
    });
  });
}

async function shown(): Promise<void> {
  // The overview's rows say of each account whether it sends; nothing is typed there that could be lost.
  if (document.body.dataset["page"] === "overview") location.reload();
  else await readNow(true);
}
