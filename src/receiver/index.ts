/** The receiver: the public Worker that Meta calls. */
import { createApp } from "./app.ts";
import type { ReceiverEnv } from "./env.ts";

const app = createApp();

export default { fetch: app.fetch } satisfies ExportedHandler<ReceiverEnv>;
