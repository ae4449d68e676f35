import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { WebhookDelivery, WebhookEvent } from "netpulse/plugin";
import { afterEach, expect, test } from "vitest";
import { BasicWebhook } from "./index.ts";
import { configSchema } from "./networks.ts";
import { settingsSchema } from "./settings.ts";

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A real receiver on loopback; what it got, and its address. */
async function receiver(answer: RequestListener = (_request, response) => response.writeHead(204).end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      received.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const event: WebhookEvent = {
  id: "6f1c/1/Succeeded",
  type: "netjob.succeeded",
  time: "2030-01-02T03:04:05Z",
  job: { namespace: "lab", name: "versions", uid: "6f1c", run: 1, labels: {} },
  reason: "Succeeded",
  message: "1 of 1 devices — fine",
  devices: [{ device: "r1", state: "Succeeded" }],
  summary: { total: 1, succeeded: 1 },
};
const silent = { debug() {}, info() {}, warn() {}, error() {} };

function call(
  settings: object,
  { allowed = true, ...more }: Partial<WebhookDelivery> & { allowed?: boolean } = {},
) {
  const config = configSchema.parse({ allowedNetworks: allowed ? ["127.0.0.0/8"] : [] });
  const webhook = new BasicWebhook({ config, log: silent, random: () => 0 });
  const signal = new AbortController().signal;
  return webhook.call({ event, attempt: 1, settings: settingsSchema.parse(settings), signal, ...more });
}

test.each(["GET", "POST", "PUT", "DELETE", "PATCH"])("%s carries the event as JSON", async (method) => {
  const { received, url } = await receiver();
  await call({ url: `${url}/hook?x=1`, method });
  expect(received).toMatchObject([
    { method, path: "/hook?x=1", headers: { "content-type": "application/json" } },
  ]);
  expect(JSON.parse(received[0]?.body ?? "")).toEqual(event);
});

test("event id, attempt and time are headers, and the signature covers time and body", async () => {
  const { received, url } = await receiver();
  const before = Math.floor(Date.now() / 1000);
  await call({ url }, { attempt: 3, secret: { signingKey: "topsecret" } });

  const [{ headers, body } = { headers: {} as IncomingHttpHeaders, body: "" }] = received;
  const timestamp = String(headers["x-netpulse-timestamp"]);
  expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
  expect(headers).toMatchObject({ "x-netpulse-event-id": event.id, "x-netpulse-attempt": "3" });
  const expected = createHmac("sha256", "topsecret").update(`${timestamp}.${body}`).digest("hex");
  expect(headers["x-netpulse-signature"]).toBe(`sha256=${expected}`);
});

test("without a signing key nothing is signed", async () => {
  const { received, url } = await receiver();
  await call({ url });
  expect(received[0]?.headers).not.toHaveProperty("x-netpulse-signature");
});

test("headers, cookies and authentication take their secrets from the named keys of the Secret", async () => {
  const { received, url } = await receiver();
  const secret = { user: "ops", pass: "p:w\n", session: "s3ss", api: "k3y" };
  await call(
    {
      url,
      headers: { "X-Team": "network", "X-Api-Key": { secretKey: "api" } },
      cookies: { lang: "en", session: { secretKey: "session" } },
      auth: { basic: { usernameKey: "user", passwordKey: "pass" } },
    },
    { secret },
  );
  await call({ url, auth: { bearer: {} } }, { secret: { token: "t0ken" } });
  expect(received[0]?.headers).toMatchObject({
    "x-team": "network",
    "x-api-key": "k3y",
    cookie: "lang=en; session=s3ss",
    authorization: `Basic ${Buffer.from("ops:p:w").toString("base64")}`,
  });
  expect(received[1]?.headers.authorization).toBe("Bearer t0ken");
});

test("the URL itself can be a key of the Secret, and its path never shows in a message", async () => {
  const { received, url } = await receiver((_request, response) => response.writeHead(500).end());
  const failure = call({ urlKey: "hook" }, { secret: { hook: `${url}/T0P/SECRET\n` } });
  await expect(failure).rejects.toMatchObject({ code: "WebhookFailed", message: `${url} answered 500.` });
  expect(received[0]?.path).toBe("/T0P/SECRET");
});

test("a key that the Secret does not have is named, and nothing is sent", async () => {
  const { received, url } = await receiver();
  const settings = { url, auth: { bearer: { tokenKey: "tokn" } } };
  await expect(call(settings, { secret: { token: "x" } })).rejects.toMatchObject({
    code: "WebhookSecretMissing",
    message: expect.stringContaining("no key tokn"),
  });
  await expect(call(settings)).rejects.toMatchObject({ code: "WebhookSecretMissing" });
  await expect(
    call({ url, headers: { a: { secretKey: "__proto__" } } }, { secret: {} }),
  ).rejects.toMatchObject({
    code: "WebhookSecretMissing",
  });
  expect(received).toEqual([]);
});

test("a status other than 2xx is a failure, and a redirect is not followed", async () => {
  const elsewhere = await receiver();
  const { url } = await receiver((_request, response) =>
    response.writeHead(302, { location: elsewhere.url }).end(),
  );
  await expect(call({ url })).rejects.toMatchObject({
    code: "WebhookFailed",
    message: `${url} answered 302: redirects are not followed.`,
  });
  expect(elsewhere.received).toEqual([]);
});

test("loopback is refused unless configuration allows it, and nothing is sent", async () => {
  const { received, url } = await receiver();
  await expect(call({ url }, { allowed: false })).rejects.toMatchObject({ code: "WebhookRefused" });
  await expect(
    call({ url: url.replace("127.0.0.1", "localhost") }, { allowed: false }),
  ).rejects.toMatchObject({
    code: "WebhookRefused",
  });
  expect(received).toEqual([]);
});

test("a receiver that does not answer is given up after the time limit", async () => {
  const { url } = await receiver(() => undefined);
  await expect(call({ url, timeoutSeconds: 0.2 })).rejects.toMatchObject({
    code: "WebhookFailed",
    message: `${url} was not told: no answer within 0.2 s.`,
  });
});

test("a receiver whose answer has no end counts by its status, and is read only so far", async () => {
  const { url } = await receiver((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", more);
    response.writeHead(200);
    more();
  });
  await call({ url });
});

test("a receiver that is gone, and a cancelled delivery, are failures", async () => {
  const { url } = await receiver();
  servers.pop()?.close();
  await expect(call({ url })).rejects.toMatchObject({
    code: "WebhookFailed",
    message: expect.stringContaining("ECONNREFUSED"),
  });
  await expect(call({ url }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "WebhookFailed",
  });
});

test("a secret that cannot be a header is not shown in the message", async () => {
  const { url } = await receiver();
  const failure = call({ url, auth: { bearer: {} } }, { secret: { token: "two\nlines" } });
  await expect(failure).rejects.toMatchObject({
    code: "WebhookFailed",
    message: expect.not.stringContaining("two"),
  });
});

test.each([
  [{ url: "ftp://receiver.test/" }, "http or https"],
  [{ url: "http://ops:pw@receiver.test/" }, "use auth"],
  [{ url: "http://receiver.test/", headers: { Authorization: "Bearer x" } }, "use auth"],
  [{ url: "http://receiver.test/", headers: { "X-NetPulse-Signature": "x" } }, "set by the webhook itself"],
  [{ url: "http://receiver.test/", headers: { "X-A": "a\r\nX-B: b" } }, "printable ASCII"],
  [{ url: "http://receiver.test/", cookies: { a: "b; c=d" } }, "cookies may not have"],
  [{ url: "http://receiver.test/", auth: { basic: { username: "ops", password: "pw" } } }, ""],
  [{ url: "http://receiver.test/", timeoutSeconds: 0 }, ""],
  [{ url: "http://receiver.test/", metod: "PUT" }, "metod"],
  [{}, "give either url or urlKey"],
])("settings %j are refused", (settings, why) => {
  const checked = settingsSchema.safeParse(settings);
  expect(checked.success).toBe(false);
  expect(checked.error?.message).toContain(why);
});
