import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type DevicePool, devicePools, type NetJob, netJobs } from "../../src/api/index.ts";
import { secrets } from "../../src/runtime/index.ts";
import { type Installation, installForTest } from "../support/installation.ts";
import { until } from "../support/until.ts";
import { Router, whyNoRouter } from "./router.ts";

const reason = whyNoRouter();

// Skipped only where there is no router to talk to; the reason is printed.
describe.skipIf(reason !== undefined)("a real router (FRR behind OpenSSH)", () => {
  test("a NetJob shows version and routes, parses them, adds a static route, and the route is there", async () => {
    const { installation, router } = await setUp();
    const shown = await run(installation, "show", {
      commands: ["show version", "show ip route"],
      parse: [
        { command: "show version", engine: "textfsm", template: VERSION },
        { command: "show ip route", engine: "textfsm", template: ROUTES },
      ],
    });
    const changed = await run(installation, "add-route", {
      config: "ip route 198.51.100.0/24 192.0.2.254",
      options: {
        save: true,
        verify: [{ command: "show running-config", expect: "ip route 198\\.51\\.100\\.0/24" }],
      },
    });

    expect(outcome(shown)).toEqual({ status: "True", reason: "Completed" });
    const [version, routes] = shown.status?.results?.[0]?.commands ?? [];
    expect(await router.vtysh("show version")).toContain(`FRRouting ${parsedRow(version?.parsed).VERSION}`);
    expect(parsedRow(routes?.parsed)).toMatchObject({ NETWORK: "192.0.2.0/24", INTERFACE: "eth0" });
    expect(outcome(changed)).toEqual({ status: "True", reason: "Completed" });
    // The router installs a route some moments after it has taken the line.
    await until("the route is in use", async () =>
      (await router.vtysh("show ip route static")).includes(
        "S>* 198.51.100.0/24 [1/0] via 192.0.2.254, eth0",
      ),
    );
    expect(router.startupConfig()).toContain("ip route 198.51.100.0/24 192.0.2.254");
  });

  test("a line that the router refuses fails the job, says which line, and what follows it is not sent", async () => {
    const { installation, router } = await setUp();
    const refused = await run(installation, "refused", {
      config: "ip rute 198.51.100.0/24 192.0.2.254\nip route 203.0.113.0/24 192.0.2.254",
      options: { save: true },
    });

    expect(refused.status?.results?.[0]).toMatchObject({ state: "Failed", reason: "ConfigRejected" });
    expect(refused.status?.results?.[0]?.message).toContain("line 1");
    expect(await router.vtysh("show running-config")).not.toContain("203.0.113.0");
  });
});

beforeAll(() => {
  if (reason !== undefined) console.warn(`The tests with a real router are skipped: ${reason}.`);
});

const VERSION = `Value Required VERSION (\\S+)

Start
  ^FRRouting \${VERSION}
`;

const ROUTES = `Value Required NETWORK (\\S+/\\d+)
Value INTERFACE (\\S+)

Start
  ^C>\\*\\s+\${NETWORK} is directly connected, \${INTERFACE}, -> Record
`;

async function setUp(): Promise<{ installation: Installation; router: Router }> {
  const router = await Router.start("r1");
  onTestFinished(() => router.stop());
  const installation = await installForTest();
  const { client, namespace, podTemplate } = installation;
  await client.create(secrets, {
    metadata: { name: "login", namespace },
    stringData: { username: router.username, "ssh-privatekey": router.privateKey },
  });
  const { host, port, fingerprint } = router;
  await client.create(devicePools, {
    metadata: { name: "lab", namespace },
    spec: {
      driver: { name: "netmiko", args: { device_type: "cisco_ios" } },
      credentials: [{ name: "login", secretRef: { name: "login" } }],
      devices: [{ name: "r1", host, port, hostKeys: { fingerprints: [fingerprint] } }],
      workers: { replicas: 1, capacity: 10, podTemplate },
    },
  } as unknown as DevicePool);
  return { installation, router };
}

async function run({ client, namespace }: Installation, name: string, spec: object): Promise<NetJob> {
  await client.create(netJobs, {
    metadata: { name, namespace },
    spec: { poolRef: { name: "lab" }, devices: ["r1"], ...spec },
  } as unknown as NetJob);
  return until(
    `NetJob ${name} has finished`,
    async () => {
      const job = await client.get(netJobs, namespace, name);
      return job.status?.conditions?.some((c) => c.type === "Finished" && c.status === "True")
        ? job
        : undefined;
    },
    60_000,
  );
}

function outcome(job: NetJob): { status: string; reason: string } | undefined {
  const found = job.status?.conditions?.find((condition) => condition.type === "Succeeded");
  return found && { status: found.status, reason: found.reason };
}

function parsedRow(parsed: unknown): Record<string, unknown> {
  const [row] = Array.isArray(parsed) ? (parsed as Record<string, unknown>[]) : [];
  return Object.fromEntries(Object.entries(row ?? {}).map(([key, value]) => [key.toUpperCase(), value]));
}
