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
      <p>You log in at Meta and say what Replyline may do. Your password stays there.</p>
      <Buttons base="/connect" login={null} />
      <p class="soft">
        An Instagram professional account connects directly. Choose the Page for Messenger, or for an Instagram account
        that you manage through its Page.
      </p>
    </div>
  </Layout>
);

/** For somebody who was sent a link. */
export const InvitePage = ({ token, login, label }: { token: string; login: Login | null; label: string | null }) => (
  <Layout title="You are invited to connect your account">
    <div class="card">
      <h1>{label === null ? "Connect your account" : `Connect your account: ${label}`}</h1>
      <p>
        You were sent this link so that comments and messages of your account can be answered for you. You log in at
        Meta and say what is allowed; nobody here sees your password.
      </p>
      <Buttons base={`/connect/invite/${token}`} login={login} />
      <p class="soft">
        It works once. You can take the permission back at any time, in Instagram or Facebook under Apps and Websites.
      </p>
    </div>
  </Layout>
);

export const SignInPage = () => (
  <Layout title="Sign in first">
    <div class="card">
      <h1>Sign in first</h1>
      <p>Only the owner of this Replyline can connect an account here.</p>
      <a class="button" href="/console">
        Open the console
      </a>
      <p class="soft">
        Was this page sent to you? Then ask for an invite link; it opens without signing in. Programs send{" "}
        <code>Authorization: Bearer</code> with the admin token.
      </p>
    </div>
  </Layout>
);
