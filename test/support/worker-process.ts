import { configSchema } from "../../src/config/index.ts";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../../src/plugin/registry.ts";
import { ApiClient, silentLogger, systemClock } from "../../src/runtime/index.ts";
import { identityFrom } from "../../src/worker/identity.ts";
import { TemplateThreads } from "../../src/worker/templates/template-threads.ts";
import { Worker } from "../../src/worker/worker.ts";

// A worker in a process of its own, for tests that kill or pause it: the `worker` command but for a Lease as short as they
// want. Says one line when it is ready.
const config = configSchema.parse({ worker: { keepaliveSeconds: 0, drainSeconds: 5 } });
const directories = [BUILT_IN_PLUGINS];
const { maxMemoryMiB, maxOutputBytes } = config.templates;
const worker = new Worker({
  client: await ApiClient.connect({ rateLimit: false }),
  identity: identityFrom(process.env),
  config,
  credentialsFolder: process.env.NETPULSE_CREDENTIALS_FOLDER ?? "",
  plugins: new PluginRegistry({ directories, log: silentLogger }),
  templates: new TemplateThreads({
    directories,
    threads: 1,
    maxMemoryMiB,
    maxOutputBytes,
    log: silentLogger,
  }),
  clock: systemClock,
  monotonic: () => performance.now(),
  log: silentLogger,
  leaseSeconds: Number(process.env.TEST_LEASE_SECONDS),
  onFenced: () => process.exit(1),
});
process.once("SIGTERM", () => void worker.drain().then(() => process.exit(0)));
await worker.start();
console.log("ready");
