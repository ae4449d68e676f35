import { afterEach, describe, expect, test } from "vitest";
import type { DeviceTarget, OperationContext } from "../../plugin/driver.ts";
import {
  type NetconfServerOptions,
  refusal,
  type SimulatedNetconf,
  simulateNetconf,
} from "../../simulator/netconf/server.ts";
import { type RunningSshServer, startSshServer } from "../../simulator/ssh-server.ts";
import { LoginGate } from "../login-gate.ts";
import { newSshLogins, SshLogin } from "../ssh-login.ts";
import type { NetconfClient } from "./client.ts";
import { connectNetconf } from "./connect.ts";
import type { NetconfOptions } from "./session.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  beforeWrite: quiet,
};
const args = {
  conn_timeout: 5,
  auth_timeout: 5,
  banner_timeout: 5,
  allow_agent: false,
  ssh_algorithms: "modern" as const,
};

async function device(options: NetconfServerOptions = {}): Promise<SimulatedNetconf> {
  const simulated = await simulateNetconf(options);
  closers.push(() => simulated.close());
  return simulated;
}

function target(at: RunningSshServer, more: Partial<DeviceTarget> = {}): DeviceTarget {
  const { host, port, username, password, fingerprint } = at;
  return {
    name: "r1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: {},
    ...more,
  };
}

async function connect(
  to: DeviceTarget,
  options: Partial<NetconfOptions> = {},
  logins = newSshLogins(),
): Promise<NetconfClient> {
  const client = await connectNetconf(new SshLogin(logins, to, args, context), { device: "r1", ...options });
  closers.push(() => client.close());
  return client;
}

const long = `<list>${"<entry>ü</entry>".repeat(20_000)}</list>`;

describe("NETCONF over SSH", () => {
  test.each([
    [["1.0"], 1000],
    [["1.0", "1.1"], 1000],
    [["1.1"], 7],
  ] as const)("of versions %j, in pieces of %d bytes", async (versions, pieceBytes) => {
    const content = pieceBytes < 100 ? "<list><entry>ü</entry></list>" : long;
    const server = await device({ versions, pieceBytes, replies: { "<get-list/>": content } });
    const client = await connect(target(server));
    const replies = await Promise.all([1, 2, 3].map(() => client.rpc("<get-list/>")));
    for (const { element } of replies)
      expect(new Set(element.all("list/entry").map((entry) => entry.text))).toEqual(new Set(["ü"]));
    expect(server.received()).toEqual(["<get-list/>", "<get-list/>", "<get-list/>"]);
  });

  test("a refused request leaves the session usable; the log of the server is the whole truth", async () => {
    const server = await device({
      replies: {
        "<lock><target><candidate/></target></lock>": [refusal("lock-denied", "held by bob"), "<ok/>"],
      },
      capabilities: ["urn:ietf:params:netconf:capability:candidate:1.0"],
    });
    const client = await connect(target(server));
    await expect(client.lock("candidate")).rejects.toMatchObject({ errors: [{ tag: "lock-denied" }] });
    await client.lock("candidate");
    expect(server.received()).toHaveLength(2);
  });

  test("a connection that is cut within a reply is known at once", async () => {
    const server = await device({ replies: { "<get-list/>": long } });
    const client = await connect(target(server));
    server.faults.cutOn = ["get-list"];
    await expect(client.rpc("<get-list/>")).rejects.toMatchObject({ code: "SessionClosed" });
    expect(await client.closed).toMatchObject({ code: "SessionClosed" });
  });

  test("a reply that never comes times out and is no harm to the next", async () => {
    const server = await device({ replies: { "<get-list/>": "<list/>" } });
    const client = await connect(target(server));
    server.faults.silentOn = ["get-slow"];
    await expect(client.rpc("<get-slow/>", { timeoutMs: 50 })).rejects.toMatchObject({
      code: "OperationTimeout",
    });
    expect((await client.rpc("<get-list/>")).element.has("list")).toBe(true);
  });

  test("closing says goodbye and ends the connection", async () => {
    const server = await device();
    const client = await connect(target(server));
    expect(server.openSessions()).toBe(1);
    await client.close();
    expect(await client.closed).toBeUndefined();
    await expect.poll(() => server.openSessions()).toBe(0);
  });

  test("text before the hello and beside the protocol is passed over", async () => {
    const aside = "warning: ".repeat(100_000);
    const server = await device({
      greeting: "Welcome <to r1>\n",
      aside,
      replies: { "<get-list/>": "<list/>" },
    });
    const client = await connect(target(server));
    expect((await client.rpc("<get-list/>")).element.has("list")).toBe(true);
  });

  test("a device without NETCONF says what to enable", async () => {
    const server = await startSshServer({});
    closers.push(() => server.close());
    await expect(connect(target(server))).rejects.toMatchObject({ code: "NetconfUnavailable" });
  });

  test("nothing is sent to a host whose key is not known", async () => {
    const server = await device();
    const stranger = target(server, { hostKeys: { policy: "Strict", fingerprints: ["SHA256:none"] } });
    await expect(connect(stranger)).rejects.toMatchObject({ code: "HostKeyChanged" });
    expect(server.logins).toBe(0);
  });

  test("a refused password rests, as with every other driver", async () => {
    const server = await device();
    const wrong = target(server, { credential: { username: "admin", password: "wrong", data: {} } });
    const logins = newSshLogins(new LoginGate());
    await expect(connect(wrong, {}, logins)).rejects.toMatchObject({ code: "AuthFailed" });
    await expect(connect(wrong, {}, logins)).rejects.toMatchObject({ code: "LoginPaused" });
  });

  test("where nothing may be written, nobody is logged in", async () => {
    const server = await device();
    const beforeWrite = () => {
      throw new Error("fenced");
    };
    await expect(connect(target(server), { beforeWrite })).rejects.toThrow("fenced");
    expect(server.logins).toBe(0);
  });
});
