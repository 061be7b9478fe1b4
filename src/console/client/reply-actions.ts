/** What a person can do with a reply: send it now, cancel it, or resolve it. */
import { sendNowMessage } from "../send-status.ts";
import { readNow, sendStatus, waiting } from "./account-watch.ts";
import { accountApi, api } from "./api.ts";
import { ask } from "./dialog.ts";
import { button, type Child } from "./dom.ts";
import type { ReplyItem } from "../../api/reply.ts";
import { toast, toastError } from "./toast.ts";

/** What a person has done to it: the reply as it is now; null: that did not work, so it should be read again. */
export type Done = (answer: ReplyItem | null) => Promise<void>;

export function replyActions(reply: ReplyItem, done: Done): Child {
  const run = async (path: string, said: () => string, body?: unknown): Promise<void> => {
    let answer: ReplyItem | null = null;
    try {
      answer = await api<ReplyItem>("POST", accountApi(`/replies/${encodeURIComponent(reply.id)}/${path}`), body);
      // Sending may have been paused in the meantime.
      if (path === "send-now") await readNow();
      toast(said());
    } catch (error) {
      toastError(error);
    }
    await done(answer);
  };
  switch (reply.state) {
    case "pending":
      return [
        button("Send now", () => run("send-now", sendNow), { class: "small" }),
        button("Cancel", () => run("cancel", () => "Cancelled."), { class: "small quiet danger" }),
      ];
    case "uncertain":
      return [
        button("It was delivered", () => run("resolve", () => "Marked as sent.", { as: "sent" }), {
          class: "small primary",
        }),
        button(
          "Not delivered: send again",
          async () => {
            const sure = await ask({
              title: "Send this reply again?",
              text: `Check the inbox first${where(reply)}. If the reply was delivered, the person receives it twice.`,
              action: "Send again",
              danger: true,
            });
            if (sure !== null) await run("resolve", sentAgain, { as: "retry" });
          },
          { class: "small" },
        ),
        button("Not delivered: do not send", () => run("resolve", () => "Marked as not sent.", { as: "refused" }), {
          class: "small quiet",
        }),
      ];
    default:
      return null;
  }
}

const where = ({ username }: ReplyItem): string => (username === null ? "" : ` (conversation with @${username})`);

function sendNow(): string {
  const known = sendStatus();
  return known === null ? "Saved." : sendNowMessage(known);
}

const sentAgain = (): string => {
  const reason = waiting();
  return reason === null ? "The reply is sent again." : `Saved. The reply ${reason}.`;
};
