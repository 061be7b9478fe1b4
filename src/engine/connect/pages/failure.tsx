import type { ConnectFailure } from "../login-result.ts";
import { Layout } from "./layout.tsx";

interface FailureText {
  title: string;
  text: string;
  /** For the owner of the deployment only, who can act on it. */
  owner?: string;
}

function failureText(failure: ConnectFailure): FailureText {
  switch (failure.reason) {
    case "state":
      return {
        title: "This login cannot be continued",
        text: "It is already complete, took longer than ten minutes, or was started in another browser. If you have already seen “is connected”, there is nothing to do. Otherwise start again.",
      };
    case "denied":
      return {
        title: "Nothing was connected",
        text: "You cancelled the login at Meta. No permission was granted and nothing is stored.",
      };
    case "login_failed":
      return {
        title: "The login failed at Meta",
        text: "Meta ended the login before any permission was granted. Nothing is stored. Start again.",
        owner: `If it happens every time, the app is not set up for this login, or Meta has restricted it. Check the app in the App Dashboard. (${failure.code})`,
      };
    case "code_refused":
      return {
        title: "Meta did not accept this login",
        text: "The login code works once and expires after an hour. Start again.",
        owner: `If it happens every time, the redirect URI in the App Dashboard differs from the one that Replyline uses. (${failure.code})`,
      };
    case "app_refused":
      return {
        title: "The app setup is incomplete",
        text: "Meta does not accept the app's credentials. Only the owner of the app can correct this.",
        owner: `The app id and the app secret do not match. Instagram Login needs INSTAGRAM_APP_ID and the secret labelled "instagram" in META_APP_SECRETS. Facebook Login needs META_APP_ID and the other secret. (${failure.code})`,
      };
    case "refused":
      return {
        title: "Meta denied access to the account",
        text: "The login worked, but Meta does not allow Replyline to read the account. It must be a professional account, and every permission in Meta's dialog must stay on.",
        owner: `While the app is in development mode, only people with a role on it can log in. (${failure.code})`,
      };
    case "meta_unavailable":
      return {
        title: "Meta is not available",
        text: "Nothing was stored. Try again in a few minutes.",
        owner: `Error code: ${failure.code}.`,
      };
    case "no_pages":
      return {
        title: "No Page was found",
        text: "Your Facebook account manages no Page, or no Page was selected in Facebook's dialog. Start again and select the Page there.",
        owner:
          "Facebook lists Pages of a Business portfolio only with the permission business_management. To request it, set FACEBOOK_EXTRA_SCOPES to business_management in wrangler.engine.toml (or add it to your Facebook Login for Business configuration), deploy, and start again. A role through a Business portfolio may also need ads_management or ads_read.",
      };
    case "no_account":
      return {
        title: "This is not a professional account",
        text: "Switch it to a Business or Creator account in Instagram, under Settings, Account type. Then connect it again.",
      };
    case "nothing_chosen":
      return { title: "Nothing was selected", text: "Start again and select at least one account." };
    case "invite_gone":
      return {
        title: "This invitation is no longer valid",
        text: "It was already used, was revoked, or has expired. Ask the person who sent it for a new one.",
      };
    case "no_such_page":
      return { title: "Page not found", text: "Check the address, or start again at /connect." };
    case "insecure":
      return {
        title: "This address is not safe for a login",
        text: "The address uses http. Open it over https, or as http://localhost on the machine that runs Replyline. If a tunnel or proxy in front of Replyline handles https, set PUBLIC_URL to the public address.",
      };
    case "unavailable":
      return { title: "Something went wrong", text: "Replyline could not process the request. Try again in a moment." };
  }
}

export const FailurePage = ({
  failure,
  again,
  guest,
}: {
  failure: ConnectFailure;
  /** Where to start again; null: nowhere. */
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
