import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { simulatedLine } from "../../device/console-server/test-simulated-line.ts";
import { EXIT, run } from "./run.ts";

const apiVersion = "netpulse.io/v1alpha1";
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Runs one command on devices of a pool, and tells the result of the job. */
async function commandOn(devices: readonly object[], spec: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-line-"));
  closers.push(() => rmSync(folder, { recursive: true }));
  const objects = [
    {
      apiVersion,
      kind: "DevicePool",
      metadata: { name: "lab" },
      spec: {
        credentials: [{ name: "login", secretRef: { name: "lab-login" } }],
        hostKeys: { policy: "Insecure" },
        devices,
        ...spec,
      },
    },
    {
      apiVersion,
      kind: "NetJob",
      metadata: { name: "job" },
      spec: { poolRef: { name: "lab" }, deviceSelector: {}, commands: ["show clock"] },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "lab-login" },
      stringData: { username: "admin", password: "admin" },
    },
  ];
  const path = join(folder, "objects.yaml");
  writeFileSync(path, objects.map((object) => stringify(object)).join("---\n"));
  let out = "";
  let err = "";
  const code = await run(
    {
      file: [path],
      device: [],
      askPassword: false,
      diff: false,
      output: "json",
      volume: [],
      fetched: "fetched",
      quiet: false,
    },
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      isTerminal: false,
      environment: {},
      onInterrupt: () => {},
      ask: () => Promise.resolve(""),
    },
  );
  return { code, out, err };
}

const onLine = (name: string, args: object = {}) => ({
  name,
  host: `${name}.example`,
  consoleServer: "cs1",
  driver: { name: "netmiko", args: { device_type: "cisco_ios", console: { transport: "telnet", ...args } } },
});

test("a job reaches its devices on the lines of the pool's console server, and leaves them logged out", async () => {
  const [one, two] = [await simulatedLine(), await simulatedLine()];
  closers.push(
    () => one.close(),
    () => two.close(),
  );
  const { code, out } = await commandOn(
    [onLine("r1", { port: one.port }), onLine("r2", { port: two.port })],
    { consoleServers: [{ name: "cs1", host: "127.0.0.1" }] },
  );
  expect(code).toBe(EXIT.succeeded);
  const { status } = JSON.parse(out);
  for (const result of status.results) expect(result.commands[0].output).toContain("UTC");
  expect([one.state, two.state]).toEqual(["out", "out"]);
});

test("a driver that knows no console servers is not let near the device's own address", async () => {
  const { code, out } = await commandOn(
    [{ name: "r1", host: "127.0.0.1", consoleServer: "cs1", driver: { name: "paramiko" } }],
    { consoleServers: [{ name: "cs1", host: "127.0.0.1" }] },
  );
  expect(code).toBe(EXIT.failed);
  expect(JSON.parse(out).status.results[0]).toMatchObject({
    reason: "NotImplemented",
    message: expect.stringContaining("console server"),
  });
});

test("a console server that the pool does not have is refused before anything is reached", async () => {
  const { code, err } = await commandOn([onLine("r1")]);
  expect(code).toBe(EXIT.invalid);
  expect(err).toContain("consoleServer must be one of spec.consoleServers");
});
