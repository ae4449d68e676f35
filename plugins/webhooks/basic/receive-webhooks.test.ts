import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { WebhookEvent } from "netpulse/plugin";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { devicePool } from "../../../src/api/kinds/device-pool.ts";
import { configSchema } from "./networks.ts";
import { buildRequest } from "./request.ts";
import { settingsSchema } from "./settings.ts";

// The examples of docs/how-to/receive-webhooks.md, as they stand there.
const page = readFileSync(new URL("../../../docs/how-to/receive-webhooks.md", import.meta.url), "utf8");
const yaml = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) =>
  parseAllDocuments(text).map((document) => document.toJS()),
);

let folder: string;
let verify: (headers: Readonly<Record<string, string>>, body: Buffer, key: string, now?: number) => boolean;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "netpulse-receiver-"));
  const [, source = ""] = page.match(/^```js file=verify\.mjs\n(.*?)^```$/ms) ?? [];
  writeFileSync(join(folder, "verify.mjs"), source);
  ({ verify } = await import(pathToFileURL(join(folder, "verify.mjs")).href));
});
afterAll(() => rmSync(folder, { recursive: true }));

const event: WebhookEvent = {
  id: "6f1c/1/Failed",
  type: "netjob.failed",
  time: "2030-01-02T03:04:05Z",
  job: { namespace: "lab", name: "zürich", uid: "6f1c", run: 1, labels: {} },
  reason: "DevicesFailed",
  message: "1 of 1 devices failed",
  devices: [],
  summary: {},
};

test("the receiver's check accepts what we sign, and nothing else", () => {
  const settings = settingsSchema.parse({ url: "https://receiver.test/" });
  const secret = { signingKey: "a key" };
  const signal = new AbortController().signal;
  const { headers, body } = buildRequest(
    { event, attempt: 1, settings, secret, signal },
    settings,
    1_900_000_000,
  );
  const bytes = Buffer.from(body);
  expect(verify(headers, bytes, "a key", 1_900_000_010)).toBe(true);
  expect(verify(headers, bytes, "another key", 1_900_000_010)).toBe(false);
  expect(verify(headers, Buffer.from(`${body} `), "a key", 1_900_000_010)).toBe(false);
  expect(verify({ ...headers, "x-netpulse-timestamp": "1900000011" }, bytes, "a key", 1_900_000_010)).toBe(
    false,
  );
  expect(verify(headers, bytes, "a key", 1_900_001_000)).toBe(false);
  expect(verify({}, bytes, "a key")).toBe(false);
});

test("the settings and the configuration on the page are accepted", () => {
  const [[pool], [config]] = [yaml[0] ?? [], yaml[1] ?? []];
  const declared = devicePool.spec.parse(pool.spec);
  const [{ url, settings } = {}] = declared.webhooks ?? [];
  expect(settingsSchema.parse({ url, ...settings })).toMatchObject({ method: "POST", timeoutSeconds: 5 });
  expect(configSchema.parse(config.plugins.webhooks.basic)).toMatchObject({
    refusedNetworks: ["10.200.0.0/16"],
  });
});
