import { raw } from "hono/html";
import type { Frame } from "../model.ts";
import { Icon } from "./icons.tsx";
import { Head } from "./layout.tsx";

interface SignInProps {
  frame: Pick<Frame, "script" | "style" | "theme">;
  /** Where to go afterwards. */
  to: string;
  problem: string | null;
  /** Null: a session can be kept here. */
  insecure: string | null;
}

export function SignInPage({ frame, to, problem, insecure }: SignInProps) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en" {...(frame.theme === null ? {} : { "data-theme": frame.theme })}>
        <Head frame={frame} title="Sign in" />
        <body class="sign-in" data-page="sign-in" data-to={to}>
          <main>
            <p class="brand">
              <Icon name="check" />
              Replyline
            </p>
            <h1>Sign in</h1>
            {insecure !== null && (
              <p class="notice bad" role="alert">
                {insecure}
              </p>
            )}
            <form method="post" action="/console/sign-in">
              <input type="hidden" name="to" value={to} />
              {/* Password managers need a user name. */}
              <input
                class="aside"
                type="text"
                name="username"
                value="admin"
                autocomplete="username"
                tabindex={-1}
                aria-hidden="true"
                readonly
              />
              <label for="token">Admin token</label>
              <input
                id="token"
                name="token"
                type="password"
                autocomplete="current-password"
                required
                autofocus
                maxlength={512}
                {...(problem === null ? {} : { "aria-invalid": "true" as const, "aria-describedby": "problem" })}
              />
              {problem !== null && (
                <p id="problem" class="field-problem" role="alert">
                  {problem}
                </p>
              )}
              <button type="submit" class="primary">
                Sign in
              </button>
            </form>
            <p class="muted">
              The value of the engine Worker's secret <code>ADMIN_TOKEN</code>. In local development it is in{" "}
              <code>.dev.vars</code>.
            </p>
          </main>
        </body>
      </html>
    </>
  );
}
