/** The buttons that pause and resume sending, of one account or of all. Events are recorded all the time. */
import { apiPath } from "../../api/paths.ts";
import { accountApi, api } from "./api.ts";
import { ask } from "./dialog.ts";
import { readNow } from "./account-watch.ts";
import { busyWhile } from "./dom.ts";

export function startSwitches(): void {
  on("stop-all", async () => {
    const reason = await ask({
      title: "Pause sending for all accounts?",
      text: "No account sends a reply until you resume sending. Events are still recorded and replies scheduled, but Meta's reply windows keep running out.",
      action: "Pause all sending",
      danger: true,
      input: { label: "Reason (shown to everyone who signs in)", placeholder: "Wrong link in the guide" },
    });
    if (reason === null) return false;
    await api("PUT", apiPath("incident"), { stopped: true, reason });
    return true;
  });
  on("resume-all", async () => {
    const sure = await ask({
      title: "Resume sending?",
      text: "Waiting replies are sent within Meta's rate limits. Replies whose window has closed have expired and are not sent.",
      action: "Resume sending",
    });
    if (sure === null) return false;
    await api("PUT", apiPath("incident"), { stopped: false });
    return true;
  });
  on("pause", async () => {
    const sure = await ask({
      title: "Pause sending for this account?",
      text: "Its replies wait until you resume sending. Events are still recorded and replies scheduled, but Meta's reply windows keep running out.",
      action: "Pause sending",
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

/** @param run returns whether anything has changed; then the banner is read again, and the page below it stays */
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
