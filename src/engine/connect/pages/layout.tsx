import type { Child } from "hono/jsx";

/** The frame of every page: no script, one style sheet, no external resource. */
export const Layout = ({ title, children }: { title: string; children?: Child }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{`${title} · Replyline`}</title>
      <link rel="stylesheet" href="/connect/style.css" />
    </head>
    <body>
      <main>
        <p class="mark">Replyline</p>
        {children}
      </main>
    </body>
  </html>
);
