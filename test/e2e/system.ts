/** Both Workers as they are deployed, in one local server; what they send to Meta ends here. */
import { createHmac } from "node:crypto";
import { createTestHarness } from "wrangler";
import { keepWarm } from "../../src/simulator/cli/stack/local-stack.ts";

export const SECRETS = {
  META_APP_SECRETS: "instagram:e2e_app_secret_not_real,meta:e2e_other_secret_not_real",
  META_VERIFY_TOKEN: "e2e-verify-token",
  ADMIN_TOKEN: "e2e-admin-token-not-real",
  TOKEN_ENCRYPTION_KEY: "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};

export interface GraphCall {
  url: string;
  authorization: string | null;
  body: string;
  at: number;
}

export class System {
  readonly calls: GraphCall[] = [];
  readonly #server = createTestHarness({
    workers: [
      { configPath: "./wrangler.toml", secrets: SECRETS },
      { configPath: "./wrangler.engine.toml", secrets: SECRETS },
    ],
  });
  readonly #realFetch = globalThis.fetch;
  #stopWarming: () => Promise<unknown> = () => Promise.resolve();

  async start(): Promise<void> {
    // The harness sends the Workers' outbound requests through the fetch of this process.
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (!new URL(request.url).hostname.startsWith("graph.")) return this.#realFetch(input, init);
      const body = await request.text();
      const authorization = request.headers.get("authorization");
      this.calls.push({ url: request.url, authorization, body, at: Date.now() });
      return Response.json({ recipient_id: "1045872930164827", message_id: `mid.${this.calls.length}` });
    };
    await this.#server.listen();
    this.#stopWarming = keepWarm(() => this.fetch("/healthz", { method: "HEAD" }));
  }

  async stop(): Promise<void> {
    await this.#stopWarming();
    await this.#server.close();
    globalThis.fetch = this.#realFetch;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    // The harness has types of its own for what is the same at run time.
    return this.#server.fetch(path, init as never) as unknown as Promise<Response>;
  }

  /** Posts a body as Meta does, signed over its bytes. */
  deliver(body: string, secret = "e2e_app_secret_not_real"): Promise<Response> {
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
    return this.fetch("/webhooks", { method: "POST", headers, body });
  }

  async api(method: string, path: string, body?: unknown): Promise<{ status: number; json: never }> {
    const headers = { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}`, "content-type": "application/json" };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await this.fetch(`/api${path}`, init);
    return { status: response.status, json: (await response.json()) as never };
  }
}
