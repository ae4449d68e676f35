import { afterEach, expect, test } from "vitest";
import { CertificateAuthority } from "../../certificates/authority.ts";
import { type NxapiOptions, simulateNxapi } from "../../simulator/nxapi/server.ts";
import { NxapiConnection, type NxapiRequest } from "./connection.ts";

const authority = CertificateAuthority.create("lab authority");
const good = authority.issue({ commonName: "n9k1", hosts: ["127.0.0.1"] });
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function open(options: NxapiOptions = {}, password = "admin") {
  const device = await simulateNxapi({ tls: good, ...options });
  closers.push(() => device.close());
  const connection = new NxapiConnection({
    device: "n9k1",
    protocol: "https",
    host: device.host,
    port: device.port,
    username: "admin",
    password,
    trust: { policy: "Verify", ca: authority.certificate },
  });
  closers.push(() => connection.close());
  return { device, connection };
}

const request = (more: Partial<NxapiRequest> = {}): NxapiRequest => ({
  signal: new AbortController().signal,
  beforeWrite: () => {},
  timeoutMs: 5000,
  ...more,
});

/** Answers in place of the device. */
function answering(status: number, body: string): NxapiOptions {
  return {
    fault: (_request, response) => {
      response.writeHead(status).end(body);
      return true;
    },
  };
}

test("a command has data and text, a line of configuration nothing", async () => {
  const { device, connection } = await open();
  expect(await connection.execute(["show hostname"], "json", request())).toEqual([{ hostname: "n9k1" }]);
  expect(await connection.execute(["show hostname"], "text", request())).toEqual(["n9k1 \n"]);
  const lines = ["interface loopback0", "  description x"];
  expect(await connection.execute(lines, "config", request())).toEqual([null, null]);
  expect(device.nxos.running.text("")).toContain("interface loopback0\n description x");
});

test("the password is sent once; a device that forgot its cookie gets it again", async () => {
  const { device, connection } = await open();
  for (let i = 0; i < 2; i++) await connection.execute(["show hostname"], "text", request());
  device.forgetSessions();
  await connection.execute(["show hostname"], "text", request());
  const sent = device.received.map(({ headers }) =>
    headers.cookie ? "cookie" : headers.authorization?.split(" ")[0],
  );
  expect(sent).toEqual(["Basic", "cookie", "cookie", "Basic"]);
});

test("a wrong password is refused and tried only once", async () => {
  const { device, connection } = await open({}, "wrong");
  await expect(connection.execute(["show hostname"], "text", request())).rejects.toMatchObject({
    code: "AuthFailed",
  });
  expect(device.received).toHaveLength(1);
});

test("a command that the device refuses is named with its place and the device's answer; those behind it are not run", async () => {
  const { device, connection } = await open({ rejects: ["ip adress 10.0.0.1/24"] });
  const lines = ["interface loopback0", "  ip adress 10.0.0.1/24", "  no shutdown"];
  await expect(connection.execute(lines, "config", request())).rejects.toMatchObject({
    name: "NxapiCommandError",
    index: 1,
    command: "  ip adress 10.0.0.1/24",
    answer: "% Invalid command",
    code: -32602,
  });
  expect(device.nxos.running.text("")).not.toContain("shutdown");
});

test("a large text is handed on as it comes and not kept", async () => {
  const text = `${'a line with \\ and " and é\n'.repeat(20_000)}end`;
  const { connection } = await open({ replies: { "show tech-support": text } });
  const pieces: string[] = [];
  const onText = (piece: string) => void pieces.push(piece);
  const results = await connection.execute(["show tech-support"], "text", request({ onText }));
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe(text);
  expect(results).toEqual([""]);
});

test.each([
  ["that is not JSON", 200, "<html>"],
  ["of an error page", 500, "oops"],
  ["that is no JSON-RPC", 200, '"text"'],
  ["with too few results", 200, "[]"],
])("a reply %s is ReplyInvalid", async (_what, status, body) => {
  const { connection } = await open(answering(status, body));
  await expect(connection.execute(["show hostname"], "json", request())).rejects.toMatchObject({
    code: "ReplyInvalid",
  });
});

test("a certificate that has expired is refused before anything is sent, and the message says what can be done", async () => {
  const tls = authority.issue({ commonName: "n9k1", hosts: ["127.0.0.1"] }, new Date("2001-01-01T00:00:00Z"));
  const { device, connection } = await open({ tls });
  const asked = connection.execute(["show hostname"], "json", request());
  await expect(asked).rejects.toMatchObject({ code: "CertificateRejected" });
  await expect(asked).rejects.toThrow(/expired.*ca\.crt.*certificate_fingerprints/s);
  expect(device.received).toEqual([]);
});

test("what a line of configuration does when it fails is asked for in each call", async () => {
  const { device, connection } = await open();
  await connection.execute(["hostname a"], "config", request({ onError: "rollback-on-error" }));
  expect(JSON.parse(device.received[0]?.body ?? "")).toMatchObject([
    { method: "cli", rollback: "rollback-on-error" },
  ]);
});
