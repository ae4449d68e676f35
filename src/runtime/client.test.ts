import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiError, isAlreadyExists, isConflict, isInvalid, isNotFound, isTimeout } from "./api-error.ts";
import { serviceAccounts, type TokenRequest } from "./builtin-resources.ts";
import { ApiClient } from "./client.ts";
import { FakeClock } from "./clock.ts";
import { kubeConfigCredentials } from "./credentials.ts";
import { FakeApiServer, refuse, until } from "./testing/fake-api-server.ts";
import { anonymous, clientOf, widgets } from "./testing/widgets.ts";
import type { RequestRecord } from "./transport.ts";

let server: FakeApiServer;
let client: ApiClient;
const written: RequestRecord[] = [];

beforeEach(async () => {
  server = await FakeApiServer.start();
  written.length = 0;
  client = clientOf(server, { onRequest: (record) => written.push(record), random: () => 0 });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test("an object is created, read, replaced, patched, applied and deleted", async () => {
  const created = await client.create(widgets, {
    metadata: { namespace: "default", name: "a" },
    spec: { size: 1 },
  });
  expect(created).toMatchObject({ apiVersion: "example.com/v1", kind: "Widget", spec: { size: 1 } });

  const replaced = await client.replace(widgets, { ...created, spec: { size: 2 } });
  expect((await client.get(widgets, "default", "a")).spec).toEqual({ size: 2 });
  await client.replaceStatus(widgets, { ...replaced, status: { done: true } });
  await client.mergePatch(widgets, "default", "a", { spec: { size: 3 } });
  const { namespace, name } = created.metadata;
  await client.apply(
    widgets,
    { metadata: { namespace: namespace ?? "", name: name ?? "" }, spec: { size: 4 } },
    { fieldManager: "t", force: true },
  );
  expect(server.objects.get("widgets/a")).toMatchObject({ spec: { size: 4 }, status: { done: true } });

  await client.delete(widgets, "default", "a", {
    uid: created.metadata.uid,
    resourceVersion: "7",
    propagationPolicy: "Foreground",
  });
  expect(server.objects.size).toBe(0);

  const sent = server.requests.map(({ method, url, contentType }) => [
    method,
    url.pathname + url.search,
    contentType,
  ]);
  const path = "/apis/example.com/v1/namespaces/default/widgets/a";
  expect(sent).toEqual([
    ["POST", "/apis/example.com/v1/namespaces/default/widgets", "application/json"],
    ["PUT", path, "application/json"],
    ["GET", path, undefined],
    ["PUT", `${path}/status`, "application/json"],
    ["PATCH", path, "application/merge-patch+json"],
    ["PATCH", `${path}?fieldManager=t&force=true`, "application/apply-patch+yaml"],
    ["DELETE", path, "application/json"],
  ]);
  expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toMatchObject({
    preconditions: { uid: created.metadata.uid, resourceVersion: "7" },
    propagationPolicy: "Foreground",
  });
});

test("an apply with no field manager or force of its own keeps its query well formed", async () => {
  server.put("widgets", "a");
  await client.apply(
    widgets,
    { metadata: { namespace: "default", name: "a" } },
    { fieldManager: "m", dryRun: true },
  );
  expect(server.requests.at(-1)?.url.search).toBe("?fieldManager=m&dryRun=All");
});

test("a token is requested through the subresource of a ServiceAccount", async () => {
  server.intercepts.push((request, response, body) => {
    expect(request.url).toBe("/api/v1/namespaces/ns/serviceaccounts/robot/token");
    const status = { token: "t0", expirationTimestamp: "2030-01-01T00:00:00Z" };
    response.writeHead(201).end(JSON.stringify({ ...JSON.parse(body), status }));
    return true;
  });
  const request = { spec: { audiences: ["api"] } };
  const answer = await client.createSubresource<TokenRequest>(
    serviceAccounts,
    "ns",
    "robot",
    "token",
    request,
  );
  expect(answer.status?.token).toBe("t0");
});

describe("errors", () => {
  test("say what was asked, what the server answered, and are told apart", async () => {
    const missing = await failure(client.get(widgets, "default", "nobody"));
    expect(missing).toBeInstanceOf(ApiError);
    expect((missing as ApiError).message).toBe(
      'GET /apis/example.com/v1/namespaces/default/widgets/nobody: 404 widgets "nobody" not found',
    );
    expect(isNotFound(missing)).toBe(true);

    const object = server.put("widgets", "a");
    const exists = await failure(client.create(widgets, object));
    expect([isAlreadyExists(exists), isConflict(exists)]).toEqual([true, false]);
    const stale = { ...object, metadata: { ...object.metadata, resourceVersion: "1" } };
    const conflict = await failure(client.replace(widgets, stale));
    expect([isAlreadyExists(conflict), isConflict(conflict)]).toEqual([false, true]);
  });

  test("of validation carry the fields", async () => {
    const causes = [{ field: "spec.size", message: "must be positive", reason: "FieldValueInvalid" }];
    server.intercepts.push((_, response) => {
      refuse(response, 422, "Invalid", "Widget is invalid", { causes });
      return true;
    });
    const error = await failure(client.create(widgets, { metadata: { namespace: "default", name: "a" } }));
    expect(isInvalid(error)).toBe(true);
    expect((error as ApiError).causes).toEqual(causes);
  });

  test("of a proxy that knows no Status are quoted", async () => {
    server.intercepts.push((_, response) => {
      response.writeHead(502).end("<html>Bad gateway</html>");
      return true;
    });
    const error = (await failure(client.get(widgets, "default", "a"))) as ApiError;
    expect([error.status, error.message]).toEqual([
      502,
      expect.stringContaining("502 <html>Bad gateway</html>"),
    ]);
  });

  test("a name or namespace that is missing is refused before anything is sent", async () => {
    expect(() => client.get(widgets, "", "a")).toThrow("Widget a lives in a namespace");
    expect(() => client.replace(widgets, { metadata: { namespace: "default" } })).toThrow("without a name");
    expect(server.requests).toEqual([]);
  });
});

describe("retries", () => {
  test("429 is retried after the time that Retry-After asks for", async () => {
    const clock = new FakeClock();
    const patient = clientOf(server, { clock, random: () => 0 });
    server.put("widgets", "a");
    let refusals = 2;
    server.intercepts.push((_, response) => {
      if (refusals-- <= 0) return false;
      refuse(response, 429, "TooManyRequests", "too many", {}, { "retry-after": "3" });
      return true;
    });
    const answer = patient.get(widgets, "default", "a");
    await until("the first answer is waited on", () => server.requests.length === 1 && clock.pending === 1);
    await clock.advance(2999);
    expect(server.requests.length).toBe(1);
    await clock.advance(1);
    await until(
      "it came again and was refused again",
      () => server.requests.length === 2 && clock.pending === 1,
    );
    await clock.advance(3000);
    expect((await answer).metadata.name).toBe("a");
    expect(server.requests.length).toBe(3);
    await patient.close();
  });

  test("a wait beyond 30 s in all is left to the caller, who is told how long", async () => {
    server.intercepts.push((_, response) => {
      refuse(response, 503, "ServiceUnavailable", "starting", { retryAfterSeconds: 40 });
      return true;
    });
    const error = (await failure(client.get(widgets, "default", "a"))) as ApiError;
    expect([error.status, error.retryAfterSeconds, server.requests.length]).toEqual([503, 40, 1]);
  });

  test("an error without a wish to be asked again is not retried", async () => {
    server.intercepts.push((_, response) => {
      refuse(response, 500, "InternalError", "etcd is away");
      return true;
    });
    await failure(client.get(widgets, "default", "a"));
    expect(server.requests.length).toBe(1);
  });

  test("a read on a connection that was lost is repeated, a write is not: it may have taken place", async () => {
    const object = server.put("widgets", "a");
    let losses = 1;
    server.intercepts.push((request) => {
      if (losses-- <= 0) return false;
      request.socket.destroy();
      return true;
    });
    expect((await client.get(widgets, "default", "a")).metadata.name).toBe("a");
    losses = 1;
    const error = (await failure(client.replace(widgets, object))) as ApiError;
    expect([error.status, error.reason]).toEqual([0, "ConnectionFailed"]);
    expect(server.requests.filter(({ method }) => method === "PUT").length).toBe(1);
  });

  test("a server that is away is an error at once", async () => {
    const url = server.url;
    await server.stop();
    const nobody = new ApiClient(anonymous(url));
    const error = (await failure(nobody.get(widgets, "default", "a"))) as ApiError;
    expect([error.status, error.message]).toEqual([0, expect.stringContaining("ECONNREFUSED")]);
    await nobody.close();
    server = await FakeApiServer.start();
  });
});

describe("time limits", () => {
  test("an answer that does not come, or never ends, is a timeout", async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => {
      sockets.push(socket);
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"));
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const { port } = mute.address() as { port: number };
    const hasty = new ApiClient(anonymous(`http://127.0.0.1:${port}`), { timeoutMs: 50 });
    const error = await failure(hasty.get(widgets, "default", "a"));
    expect(isTimeout(error)).toBe(true);
    expect((error as ApiError).message).toContain("no answer within 50 ms");
    await hasty.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => mute.close(resolve));
  });

  test("a signal ends a request, also while it waits to be retried", async () => {
    server.intercepts.push((_, response) => {
      refuse(response, 429, "TooManyRequests", "too many", {}, { "retry-after": "20" });
      return true;
    });
    const stop = new AbortController();
    const reason = new Error("stopped");
    const answer = failure(client.get(widgets, "default", "a", { signal: stop.signal }));
    await until("it was refused", () => written.length === 1);
    stop.abort(reason);
    expect(await answer).toBe(reason);
  });
});

test("the client-side limit spreads requests by the clock", async () => {
  const clock = new FakeClock();
  const slow = clientOf(server, { clock, rateLimit: { perSecond: 1, burst: 2 } });
  server.put("widgets", "a");
  const answers = [1, 2, 3, 4].map(() => slow.get(widgets, "default", "a"));
  await until("the burst is through", () => server.requests.length === 2);
  await clock.advance(1000);
  await until("one more is through", () => server.requests.length === 3);
  await clock.advance(1000);
  await Promise.all(answers);
  expect(server.requests.length).toBe(4);
  await slow.close();
});

test("requests share a few connections that are kept alive", async () => {
  server.put("widgets", "a");
  for (let i = 0; i < 50; i++) await client.get(widgets, "default", "a");
  expect(server.connections).toBeLessThanOrEqual(2);
  const before = server.connections;
  const few = clientOf(server, { maxConnections: 4 });
  await Promise.all(Array.from({ length: 40 }, () => few.get(widgets, "default", "a")));
  expect(server.connections - before).toBe(4);
  await few.close();
});

test("each request is reported with method, path, status and time", async () => {
  await failure(client.get(widgets, "default", "a"));
  expect(written).toEqual([
    {
      method: "GET",
      path: "/apis/example.com/v1/namespaces/default/widgets/a",
      host: new URL(server.url).host,
      status: 404,
      durationMs: expect.any(Number),
    },
  ]);
});

describe("credentials", () => {
  test("a token that the server no longer accepts is read again, once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "credentials-"));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "old");
    let accepted = "old";
    server.intercepts.push((request, response) => {
      if (request.headers.authorization === `Bearer ${accepted}`) return false;
      refuse(response, 401, "Unauthorized", "Unauthorized");
      return true;
    });
    server.put("widgets", "a");
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    const user = { name: "u", authProvider: { name: "tokenFile", config: { tokenFile } } };
    config.loadFromClusterAndUser({ name: "c", server: server.url, skipTLSVerify: false }, user);
    const reader = ApiClient.fromKubeConfig(config);
    await reader.get(widgets, "default", "a");

    accepted = "new";
    await writeFile(tokenFile, "new");
    expect((await reader.get(widgets, "default", "a")).metadata.name).toBe("a");

    accepted = "another";
    const error = (await failure(reader.get(widgets, "default", "a"))) as ApiError;
    expect(error.status).toBe(401);
    expect(server.requests.map(({ authorization }) => authorization)).toEqual(
      ["old", "old", "new", "new", "new"].map((token) => `Bearer ${token}`),
    );
    await reader.close();
  });

  test("of a kubeconfig are used: token, Basic, and a prefix in the server's path", async () => {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const connect = async (user: object) => {
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "c", server: `${server.url}/prefix`, skipTLSVerify: false },
        { name: "u", ...user },
      );
      const connected = ApiClient.fromKubeConfig(config);
      await failure(connected.get(widgets, "default", "a"));
      await connected.close();
      return server.requests.at(-1);
    };
    expect((await connect({ token: "t" }))?.authorization).toBe("Bearer t");
    const basic = await connect({ username: "u", password: "p" });
    expect(basic?.authorization).toBe(`Basic ${Buffer.from("u:p").toString("base64")}`);
    expect(basic?.url.pathname).toBe("/prefix/apis/example.com/v1/namespaces/default/widgets/a");
    expect(() => kubeConfigCredentials(new KubeConfig())).toThrow("no cluster for its current context");
  });
});
