import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { until } from "../../../test/support/until.ts";
import { connectSsh } from "../ssh.ts";
import { NetconfClient } from "./client.ts";
import type { ProtocolVersion } from "./hello.ts";
import { RpcRefusedError } from "./rpc-error.ts";
import { Netconfd, whyNoNetconfd } from "./test-netconfd.ts";

const reason = whyNoNetconfd();
const limits = { connectMs: 5000, bannerMs: 5000, authMs: 5000 };
const SETTINGS = '<settings xmlns="urn:netpulse:test"/>';

beforeAll(() => {
  if (reason !== undefined) console.warn(`The tests with a real NETCONF server are skipped: ${reason}.`);
});

// Skipped only where there is no server to talk to; the reason is printed.
describe.skipIf(reason !== undefined)("a real NETCONF server (yuma123 behind OpenSSH)", () => {
  let server: Netconfd;

  beforeAll(async () => {
    server = await Netconfd.start();
  }, 60_000);

  afterAll(() => server?.stop());

  async function connect(versions: readonly ProtocolVersion[] = ["1.0", "1.1"]): Promise<NetconfClient> {
    const connection = await connectSsh({
      device: "yuma",
      host: server.host,
      port: server.port,
      credential: { username: server.username, privateKey: server.privateKey, data: {} },
      hostKeys: { policy: "Strict", fingerprints: [server.fingerprint] },
      limits,
      algorithms: "modern",
    });
    const transport = await connection.subsystem("netconf");
    const client = await NetconfClient.open(transport, { device: "yuma", versions });
    onTestFinished(() => client.close());
    return client;
  }

  function settings(content: string): string {
    return `<settings xmlns="urn:netpulse:test">${content}</settings>`;
  }

  async function hostname(client: NetconfClient): Promise<string> {
    const data = await client.getConfig({ source: "running", filter: { subtree: SETTINGS } });
    return data.value("settings/hostname");
  }

  async function set(client: NetconfClient, name: string): Promise<void> {
    await client.editConfig({ target: "candidate", config: settings(`<hostname>${name}</hostname>`) });
  }

  test.each([
    [["1.0"], "delimited"],
    [["1.0", "1.1"], "chunked"],
  ] as const)(
    "with versions %j its messages are %s, large ones and several at once too",
    async (versions, framing) => {
      const client = await connect(versions);
      expect(client.session.framing).toBe(framing);
      expect(client.session.sessionId).toMatch(/^\d+$/);
      const description = "ü]]>]]&gt; ".repeat(50);
      const interfaces = Array.from(
        { length: 500 },
        (_, at) => `<interface><name>if${at}</name><description>${description}</description></interface>`,
      );
      await client.editConfig({ target: "candidate", config: settings(interfaces.join("")) });
      const both = await Promise.all(
        [1, 2].map(() => client.getConfig({ source: "candidate", filter: { subtree: SETTINGS } })),
      );
      for (const data of both) {
        expect(data.all("settings/interface")).toHaveLength(500);
        expect(data.value("settings/interface[name='if499']/description")).toBe("ü]]>]]> ".repeat(50).trim());
      }
      await client.discardChanges();
      const left = await client.getConfig({ source: "candidate", filter: { subtree: SETTINGS } });
      expect(left.all("settings/interface")).toEqual([]);
    },
  );

  test("a lock keeps others out until it is given up", async () => {
    const [first, second] = [await connect(), await connect()];
    await first.lock("candidate");
    const error = await second.lock("candidate").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RpcRefusedError);
    expect(error).toMatchObject({ errors: [{ tag: "lock-denied" }] });
    await first.unlock("candidate");
    await second.lock("candidate");
    await second.unlock("candidate");
  });

  test("the candidate is edited and committed; a bad value is refused with its place", async () => {
    const client = await connect();
    const wrong = client.editConfig({ target: "candidate", config: settings("<mtu>1</mtu>") });
    await expect(wrong).rejects.toMatchObject({
      code: "RpcRefused",
      errors: [{ tag: "invalid-value", path: expect.stringMatching(/settings.*mtu/) }],
    });
    await set(client, "committed");
    expect(await hostname(client)).not.toBe("committed");
    await client.commit();
    expect(await hostname(client)).toBe("committed");
    const found = await client.get({
      filter: { xpath: "/t:settings/t:hostname", namespaces: { t: "urn:netpulse:test" } },
    });
    expect(found.value("settings/hostname")).toBe("committed");
  });

  // Nothing is committed after it: this server forgets by validating what has changed.
  test("a candidate that is not complete does not pass validation, and does once it is", async () => {
    const client = await connect();
    const edit = (content: string) =>
      client.editConfig({
        target: "candidate",
        testOption: "set",
        config: settings(`<interface><name>if0</name>${content}</interface>`),
      });
    await edit("");
    await expect(client.validate("candidate")).rejects.toMatchObject({
      code: "RpcRefused",
      errors: [{ severity: "error", path: expect.stringContaining("interface") }],
    });
    await edit("<description>up</description>");
    await client.validate("candidate");
    await client.discardChanges();
  });

  test("a confirmed commit that nobody confirms is taken back; one that is confirmed in time stays", async () => {
    const client = await connect();
    await set(client, "before");
    await client.commit();
    await set(client, "unconfirmed");
    await client.commit({ confirmed: true, confirmTimeoutSeconds: 1 });
    expect(await hostname(client)).toBe("unconfirmed");
    // This server looks at its clock only after a second without requests.
    const patience = { timeout: 60_000, interval: 1500 };
    await vi.waitUntil(async () => (await hostname(client)) === "before", patience);

    await set(client, "confirmed");
    await client.commit({ confirmed: true, confirmTimeoutSeconds: 60 });
    await client.commit();
    await expect(client.cancelCommit()).rejects.toMatchObject({ code: "RpcRefused" });
    expect(await hostname(client)).toBe("confirmed");
  }, 90_000);

  test("a confirmed commit can be cancelled, and ends with its session unless it is to persist", async () => {
    const [client, other] = [await connect(), await connect()];
    await set(client, "before");
    await client.commit();
    await set(client, "cancelled");
    await client.commit({ confirmed: true });
    await client.cancelCommit();
    expect(await hostname(client)).toBe("before");

    await set(client, "abandoned");
    await client.commit({ confirmed: true });
    client.abort();
    await until("the commit is taken back", async () => (await hostname(other)) === "before");

    const third = await connect();
    await set(third, "persisted");
    await third.commit({ confirmed: true, persist: "job-1" });
    third.abort();
    await other.commit({ persistId: "job-1" });
    expect(await hostname(other)).toBe("persisted");
  });

  test("a session that is killed knows it at once, and its lock is free", async () => {
    const [victim, killer] = [await connect(), await connect()];
    await victim.lock("candidate");
    await killer.killSession(victim.session.sessionId);
    expect(await victim.closed).toMatchObject({ code: "SessionClosed" });
    await expect(victim.get()).rejects.toMatchObject({ code: "SessionClosed" });
    await killer.lock("candidate");
    await killer.unlock("candidate");
  });

  test("changes by one session are reported to another", async () => {
    const [listener, client] = [await connect(), await connect()];
    const events = await listener.subscribe({ stream: "NETCONF" });
    await set(client, "noticed");
    await client.commit();
    for await (const { event } of events) {
      if (event.name !== "netconf-config-change") continue;
      expect(event.value("edit/target")).toContain("hostname");
      expect(event.value("changed-by/session-id")).toBe(client.session.sessionId);
      break;
    }
  });
});
