import type { Frame } from "../model.ts";
import { raw } from "hono/html";
import { Head, Layout } from "./layout.tsx";

/** A page that does not exist, or cannot be shown now. */
export function MessagePage({ frame, title, text }: { frame: Frame; title: string; text: string }) {
  return (
    <Layout frame={frame} title={title} page="message">
      <div class="empty">
        <h1>{title}</h1>
        <p>{text}</p>
        <a class="button" href="/console">
          Overview
        </a>
      </div>
    </Layout>
  );
}

/** The same without a signed-in reader: the engine has no secrets yet, or its data cannot be read. */
export function BarePage({
  frame,
  title,
  text,
}: {
  frame: Pick<Frame, "script" | "style">;
  title: string;
  text: string;
}) {
  return (
    <>
      {raw("<!doctype html>")}
      <html lang="en">
        <Head frame={frame} title={title} />
        <body class="sign-in" data-page="message">
          <main>
            <h1>{title}</h1>
            <p>{text}</p>
          </main>
        </body>
      </html>
    </>
  );
}
