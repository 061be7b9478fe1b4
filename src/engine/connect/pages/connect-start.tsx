import type { Login } from "../../../meta/graph/request.ts";
import { Layout } from "./layout.tsx";

const Buttons = ({ base, login }: { base: string; login: Login | null }) => (
  <>
    {login !== "facebook" && (
      <a class="button" href={`${base}/instagram`}>
        Connect Instagram
      </a>
    )}
    {login !== "instagram" && (
      <a class={login === null ? "button plain" : "button"} href={`${base}/facebook`}>
        Connect a Facebook Page
      </a>
    )}
  </>
);

/** For the owner of this deployment. */
export const StartPage = () => (
  <Layout title="Connect an account">
    <div class="card">
      <h1>Connect an account</h1>
      <p>You log in at Meta and choose what Replyline may do. Replyline never sees your password.</p>
      <Buttons base="/connect" login={null} />
      <p class="soft">
        Connect an Instagram professional account directly. Use the Facebook Page for Messenger, or for an Instagram
        account that you manage through a Page.
      </p>
    </div>
  </Layout>
);

/** For a person who was sent a link. */
export const InvitePage = ({ token, login, label }: { token: string; login: Login | null; label: string | null }) => (
  <Layout title="You are invited to connect your account">
    <div class="card">
      <h1>{label === null ? "Connect your account" : `Connect your account: ${label}`}</h1>
      <p>
        The sender of this link wants to reply to comments and messages of your account for you. You log in at Meta and
        choose what to allow. Your password stays with Meta.
      </p>
      <Buttons base={`/connect/invite/${token}`} login={login} />
      <p class="soft">
        The link works once. You can revoke access at any time in Instagram or Facebook under Apps and Websites.
      </p>
    </div>
  </Layout>
);

export const SignInPage = () => (
  <Layout title="Sign in first">
    <div class="card">
      <h1>Sign in first</h1>
      <p>Only the owner of this Replyline deployment can connect an account here.</p>
      <a class="button" href="/console">
        Open the console
      </a>
      <p class="soft">
        If someone sent you this page, ask them for an invite link, which works without signing in. API clients send{" "}
        <code>Authorization: Bearer &lt;ADMIN_TOKEN&gt;</code>.
      </p>
    </div>
  </Layout>
);
