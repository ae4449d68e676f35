import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ConfigChange, OperationContext } from "../../plugin/index.ts";
import { PluginRegistry } from "../../plugin/registry.ts";
import { type NetconfServerOptions, refusal, simulateNetconf } from "../../simulator/netconf/server.ts";

// The example of docs/how-to/write-a-netconf-driver.md, as it stands there, in a directory outside the source tree.
const page = readFileSync(new URL("../../../docs/how-to/write-a-netconf-driver.md", import.meta.url), "utf8");
const projectFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const context: OperationContext = { signal: new AbortController().signal, log, beforeWrite: quiet };
const CANDIDATE = "urn:ietf:params:netconf:capability:candidate:1.0";
const VALIDATE = "urn:ietf:params:netconf:capability:validate:1.1";
const EDIT =
  '<edit-config><target><candidate/></target><config><a xmlns="urn:a">1</a></config></edit-config>';
const change: ConfigChange = {
  lines: ['<a xmlns="urn:a">', "1</a>"],
  mode: "Merge",
  dryRun: false,
  save: false,
  onError: "Stop",
  verify: [],
  enableMode: false,
};

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "netpulse-netconf-example-"));
  const [, path = "", source = ""] = /^```ts file=(\S+)\n(.*?)^```$/ms.exec(page) ?? [];
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), source);
});
afterAll(() => rmSync(directory, { recursive: true }));

async function open(options: NetconfServerOptions) {
  const server = await simulateNetconf({ capabilities: [CANDIDATE, VALIDATE], ...options });
  onTestFinished(() => server.close());
  const driver = await new PluginRegistry({ directories: [directory], log }).driver("datastore");
  const { host, port, username, password, fingerprint } = server;
  const target = {
    name: "r1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict" as const, fingerprints: [fingerprint] },
    args: {},
  };
  const session = await driver.connect(target, context);
  onTestFinished(() => driver.disconnect(session, context));
  return { server, driver, session };
}

const done = (...requests: string[]) => Object.fromEntries(requests.map((request) => [request, "<ok/>"]));
const LOCK = "<lock><target><candidate/></target></lock>";
const UNLOCK = "<unlock><target><candidate/></target></unlock>";
const CHECK = "<validate><source><candidate/></source></validate>";

test("the example passes the type checker under the project's own settings", async () => {
  const entry = (name: string) => [`${projectFolder}/src/${name}/index.ts`];
  const settings = {
    extends: `${projectFolder}/tsconfig.json`,
    compilerOptions: {
      paths: { "netpulse/plugin": entry("plugin"), "netpulse/device": entry("device") },
      typeRoots: [`${projectFolder}/node_modules/@types`],
    },
    include: ["**/*.ts"],
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(settings));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const compiler = join(projectFolder, "node_modules/.bin/tsc");
  const outcome = await promisify(execFile)(compiler, ["-p", directory]).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ stdout: "" });
}, 60_000);

test("its command is a request, its change is edited, validated and committed", async () => {
  const { server, driver, session } = await open({
    replies: { "<get/>": "<data>7</data>", ...done(LOCK, EDIT, CHECK, "<commit/>", UNLOCK) },
  });
  const { output } = await driver.executeCommand(session, { command: "<get/>" }, context);
  expect(output).toContain("<data>7</data>");
  expect(await driver.configure(session, change, context)).toMatchObject({ committed: true });
  expect(server.received().map((request) => /<([\w-]+)/.exec(request)?.[1])).toEqual([
    "get",
    "lock",
    "edit-config",
    "validate",
    "commit",
    "unlock",
  ]);
});

test("a change that the device refuses is discarded and the lock given up", async () => {
  const { server, driver, session } = await open({
    replies: {
      ...done(LOCK, CHECK, "<discard-changes/>", UNLOCK),
      [EDIT]: refusal("invalid-value", "1 is too small"),
    },
  });
  expect(await driver.configure(session, change, context)).toMatchObject({
    committed: false,
    error: { code: "CommitFailed", message: expect.stringContaining("1 is too small") },
  });
  expect(server.received().slice(-2)).toEqual(["<discard-changes/>", UNLOCK]);
});
