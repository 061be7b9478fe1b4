import type { ConnectFailure } from "../login-result.ts";
import { Layout } from "./layout.tsx";

interface FailureText {
  title: string;
  text: string;
  /** What only the owner of the deployment can do something about. */
  owner?: string;
}

function failureText(failure: ConnectFailure): FailureText {
  switch (failure.reason) {
    case "state":
      return {
        title: "This login cannot be continued",
        text: "It was finished already, took longer than ten minutes, or began in another browser. If this page came back after “Connected”, all is well. Otherwise start again.",
      };
    case "denied":
      return {
        title: "Nothing was connected",
        text: "You cancelled at Meta, so nothing was allowed and nothing is stored.",
      };
    case "login_failed":
      return {
        title: "The login failed at Meta",
        text: "Meta ended it before anything was allowed, and nothing is stored. Start again.",
        owner: `If it happens every time, the app is not set up for this login, or Meta has restricted it: look at it in the App Dashboard. (${failure.code})`,
      };
    case "code_refused":
      return {
        title: "Meta did not accept this login",
        text: "Its code is good once and for an hour. Start again.",
        owner: `If it happens every time, the redirect address in the App Dashboard differs from the one used here. (${failure.code})`,
      };
    case "app_refused":
      return {
        title: "This app is not set up completely",
        text: "Meta does not recognise the app. Only its owner can mend that.",
        owner: `App id and app secret do not belong together: Instagram Login needs INSTAGRAM_APP_ID and the secret labelled "instagram" in META_APP_SECRETS, Facebook Login META_APP_ID and the other one. (${failure.code})`,
      };
    case "refused":
      return {
        title: "Meta refused",
        text: "The login worked, but Meta does not let the account be read. It has to be a professional account, and every switch in Meta's dialog has to stay on.",
        owner: `While the app is in development mode, only people with a role on it can log in. (${failure.code})`,
      };
    case "meta_unavailable":
      return {
        title: "Meta does not answer",
        text: "Nothing was stored. Try again in a few minutes.",
        owner: `Meta's code, or ours where there was no answer: ${failure.code}.`,
      };
    case "no_pages":
      return {
        title: "No Page was found",
        text: "Your Facebook account manages no Page, or none was chosen in Facebook's dialog. Start again, and choose the Page there.",
        owner: "Pages that belong to a Business portfolio may also need the permission business_management.",
      };
    case "no_account":
      return {
        title: "This is no professional account",
        text: "Switch it to a Business or Creator account in Instagram, under Settings, Account type. Then connect it again.",
      };
    case "nothing_chosen":
      return { title: "Nothing was chosen", text: "Start again, and tick what shall be connected." };
    case "invite_gone":
      return {
        title: "This invitation is not open any more",
        text: "It was used, withdrawn, or its time is over. Ask whoever sent it for a new one.",
      };
    case "no_such_page":
      return { title: "There is no such page", text: "Check the address, or start again at /connect." };
    case "insecure":
      return {
        title: "This address is not safe for a login",
        text: "It is plain http. Open it over https, or on the machine itself as http://localhost. Where https ends in a tunnel or proxy in front of Replyline, its owner sets PUBLIC_URL.",
      };
    case "unavailable":
      return { title: "That did not work just now", text: "Replyline itself could not answer. Try again in a moment." };
  }
}

export const FailurePage = ({
  failure,
  again,
  guest,
}: {
  failure: ConnectFailure;
  /** Where to start anew; null: there is no way to. */
  again: string | null;
  guest: boolean;
}) => {
  const { title, text, owner } = failureText(failure);
  return (
    <Layout title={title}>
      <div class="card">
        <h1>{title}</h1>
        <p>{text}</p>
        {!guest && owner !== undefined && <p class="note">{owner}</p>}
        {again !== null && (
          <a class="button" href={again}>
            Start again
          </a>
        )}
      </div>
    </Layout>
  );
};
