import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { TemplateThreads } from "../worker/templates/template-threads.ts";
import type { OperationContext, WebhookEvent } from "./index.ts";
import { BUILT_IN_PLUGINS, PluginRegistry } from "./registry.ts";

// Every example of docs/how-to/write-a-plugin.md, as it stands there, in a directory outside the source tree.
const page = readFileSync(new URL("../../docs/how-to/write-a-plugin.md", import.meta.url), "utf8");
const projectFolder = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const silent = { debug() {}, info() {}, warn() {}, error() {} };

let directory: string;
let registry: PluginRegistry;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "netpulse-examples-"));
  for (const [, path = "", source = ""] of page.matchAll(/^```ts file=(\S+)\n(.*?)^```$/gms)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), source);
  }
  registry = new PluginRegistry({ directories: [BUILT_IN_PLUGINS, directory], log: silent });
});
afterAll(() => rmSync(directory, { recursive: true }));

test("the examples pass the type checker under the project's own settings", async () => {
  const [, options = ""] = page.match(/^```json\n(.*?)^```$/ms) ?? [];
  writeFileSync(
    join(directory, "tsconfig.json"),
    options.replaceAll("/path/to/netpulse", projectFolder.replace(/\/$/, "")),
  );
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const outcome = await run(join(projectFolder, "node_modules/.bin/tsc"), ["-p", directory]).catch(
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ stdout: "" });
}, 60_000);

test("every example of YAML can be read", () => {
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks) expect(parseAllDocuments(block).flatMap(({ errors }) => errors)).toEqual([]);
});

test("the scheduler prefers the worker of the device's site, and has its settings", async () => {
  const register = fileURLToPath(new URL("./register.ts", import.meta.url));
  const checked = await run("node", ["--import", register, join(directory, "check.ts")], { cwd: tmpdir() });
  expect(checked.stdout).toBe("worker-zurich\n");
});

test("the renderer and the parser run in template threads", async () => {
  const threads = new TemplateThreads({
    directories: [directory],
    threads: 1,
    maxMemoryMiB: 256,
    maxOutputBytes: 10_000,
    log: silent,
  });
  const limits = { timeoutMs: 20_000 };
  const template = (text: string) => ({ name: "inline", text });
  const render = (text: string, options = {}) =>
    threads.render(
      "placeholders",
      { template: template(text), context: { name: "core-1" }, options },
      limits,
    );
  expect(await render("hostname <name>\n!")).toBe("hostname core-1\n!");
  expect(await render("<mtu>", { missing: "empty" })).toBe("");
  await expect(render("!\nmtu <mtu>")).rejects.toMatchObject({
    message: "inline, line 2: the context has no mtu",
  });

  const parse = (text: string) =>
    threads.parse(
      "key_value",
      { template: template(text), input: "Model: x1\nUptime: 3 days\n", options: {} },
      limits,
    );
  expect(await parse("Uptime\n")).toEqual({ Uptime: "3 days" });
  await expect(parse("Uptime\nSerial")).rejects.toMatchObject({
    message: "inline, line 2: the output has no Serial",
  });
  await threads.close();
});

test("the webhook sends one syslog line", async () => {
  const receiver = createSocket("udp4").bind(0, "127.0.0.1");
  await once(receiver, "listening");
  const webhook = await registry.webhook("syslog");
  const settings = webhook.settingsSchema.parse({ host: "127.0.0.1", port: receiver.address().port });
  const event: WebhookEvent = {
    id: "6f1c/1/Succeeded",
    type: "netjob.succeeded",
    time: "2030-01-02T03:04:05Z",
    job: { namespace: "lab", name: "versions", uid: "6f1c", run: 1, labels: {} },
    reason: "Succeeded",
    message: "1 of 1\ndevices",
    devices: [],
    summary: {},
  };
  const received = once(receiver, "message");
  await webhook.call({ event, attempt: 1, settings, signal: AbortSignal.timeout(10_000) });
  const [line] = await received;
  receiver.close();
  expect(String(line)).toBe(
    "<14>1 2030-01-02T03:04:05Z - netpulse - netjob.succeeded - lab/versions run 1: Succeeded, 1 of 1 devices",
  );
});

test("the driver connects, runs commands on one session, tells timeouts apart, and says what only reads", async () => {
  const device = createServer((socket) => {
    socket.on("data", (line) => {
      if (String(line) !== "hang\n") socket.write(`you said ${String(line).trim()}\n.\n`);
    });
    socket.on("end", () => socket.end());
  }).listen(0, "127.0.0.1");
  await once(device, "listening");
  const { port } = device.address() as AddressInfo;

  const driver = await registry.driver("line");
  const target = (to: number) => ({
    name: "r1",
    host: "127.0.0.1",
    port: to,
    credential: { data: {} },
    hostKeys: { policy: "Insecure" as const },
    args: driver.argsSchema.parse({}),
  });
  const context: OperationContext = { signal: AbortSignal.timeout(20_000), log: silent, beforeWrite() {} };
  const session = await driver.connect(target(port), context);
  expect(await driver.executeCommand(session, { command: "show version" }, context)).toEqual({
    command: "show version",
    output: "you said show version",
  });
  await expect(
    driver.executeCommand(session, { command: "hang", readTimeoutMs: 50 }, context),
  ).rejects.toMatchObject({ code: "OperationTimeout" });
  const fenced = {
    ...context,
    beforeWrite: () => {
      throw new Error("fenced");
    },
  };
  await expect(driver.executeCommand(session, { command: "reload" }, fenced)).rejects.toThrow("fenced");
  await driver.disconnect(session, context);
  await new Promise((resolve) => device.close(resolve));
  await expect(driver.connect(target(port), context)).rejects.toMatchObject({ code: "ConnectFailed" });

  const asks = (command: string) => driver.isReadOnly({ kind: "command", command: { command }, args: {} });
  expect([asks("show clock"), asks("uptime"), asks("reload")]).toEqual([true, true, false]);
  expect(driver.argsSchema.safeParse({ conectTimeout: 3 }).success).toBe(false);
});
