/** Replyline and Meta in a box in one `wrangler dev`, in a directory of its own that is gone afterwards. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReplylineClient, SimulatorClient } from "../api-clients.ts";
import { ensureDevVars, readDevVars } from "./dev-vars.ts";
import { atEnd } from "./shutdown.ts";
import { metaUrls } from "./meta-urls.ts";
import { WARM_PATH } from "../../http/request-router.ts";
import { complain, withProgress } from "../terminal.ts";
import { freePort, stageConfigs, startWranglerDev } from "./wrangler-process.ts";

export interface Stack {
  meta: SimulatorClient;
  replyline: ReplylineClient;
  url: string;
  adminToken: string;
  /** `.dev.vars` had to be written. */
  createdVars: boolean;
  /** Settles when wrangler ends by itself. */
  ended: Promise<number | null>;
}

/** Starts both Workers and the simulator; everything ends with this process. */
export async function startStack(wantedPort: number): Promise<Stack> {
  const { path, created } = ensureDevVars();
  const vars = readDevVars(path);
  const adminToken = vars["ADMIN_TOKEN"] ?? "";
  const directory = mkdtempSync(join(tmpdir(), "replyline-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  atEnd(async () => remove());
  // Also when this process fails before it can end anything.
  process.once("exit", remove);
  const port = await freePort(wantedPort);
  const log = join(directory, "wrangler.log");
  const configs = stageConfigs(
    join(directory, "config"),
    ["src/simulator/wrangler.toml", "wrangler.toml", "wrangler.engine.toml"],
    // The engine calls the simulator; no request can reach Meta.
    { ...vars, ...metaUrls(`http://127.0.0.1:${port}`) },
  );
  const dev = await withProgress(
    "  Starting Workers, queue, KV and Durable Objects",
    startWranglerDev({
      configs,
      port,
      persistTo: join(directory, "state"),
      output: { file: log },
      readyPath: "/healthz",
      warmPath: WARM_PATH,
    }).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}; its log: ${logTail(log)}`);
    }),
  );
  let ours = false;
  atEnd(async () => {
    ours = true;
    await dev.stop();
  });
  void dev.exited.then(() => {
    if (!ours) complain(`wrangler dev ended by itself; the end of its log: ${logTail(log)}`);
  });
  return {
    meta: new SimulatorClient(dev.url),
    replyline: new ReplylineClient(dev.url, adminToken),
    url: dev.url,
    adminToken,
    createdVars: created,
    ended: dev.exited,
  };
}

function logTail(path: string): string {
  try {
    return `\n${readFileSync(path, "utf8").slice(-2000)}`;
  } catch {
    return "none was written";
  }
}
