import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { customResourceDefinition } from "../src/api/crd.ts";
import { type DevicePool, devicePools, kinds, type NetJob, netJobs } from "../src/api/index.ts";
import { isInvalid } from "../src/runtime/index.ts";
import { cluster, createNamespace } from "./support/cluster.ts";

const PROJECT = join(import.meta.dirname, "..");
const SAMPLES = join(PROJECT, "manifests", "samples");
const hasKubectl = spawnSync("kubectl", ["version", "--client"]).status === 0;

/** Runs kubectl as an administrator of the shared cluster. */
async function kubectl(args: readonly string[], input = "") {
  const { kubeconfigPath } = await cluster();
  const env = { ...process.env, KUBECONFIG: kubeconfigPath };
  return spawnSync("kubectl", args, { env, input, encoding: "utf8", maxBuffer: 16e6 });
}

const POOL_REF = { name: "pool" };
const SHOW = { poolRef: POOL_REF, devices: ["r1"], commands: ["show version"] };
const CONFIG = { poolRef: POOL_REF, devices: ["r1"], config: "ntp server 192.0.2.1" };
const RENDER = { poolRef: POOL_REF, devices: ["r1"] };
const DEVICE = { name: "r1", host: "192.0.2.1" };

interface RuleCase {
  readonly kind: "NetJob" | "DevicePool";
  /** A part of the rule's message, which no other rule has. */
  readonly message: string;
  readonly accepts: object;
  readonly refuses: object;
}

const carrying = (...files: object[]) => ({ poolRef: POOL_REF, devices: ["r1"], transfer: { files } });
const PUT = { path: "/etc/motd", from: { configMap: { name: "motd", key: "text" } } };
const GET = { path: "/var/log/x.log", to: { output: {} } };

const RULES: readonly RuleCase[] = [
  {
    kind: "NetJob",
    message: "set exactly one of put and get for each file",
    accepts: carrying({ put: PUT }, { get: GET }),
    refuses: carrying({ put: PUT, get: GET }),
  },
  {
    kind: "NetJob",
    message: "set exactly one of configMap, volume and url",
    accepts: carrying({ put: { ...PUT, from: { url: "https://files.example/x" } } }),
    refuses: carrying({ put: { ...PUT, from: { ...PUT.from, url: "https://files.example/x" } } }),
  },
  {
    kind: "NetJob",
    message: "set exactly one of output ({}) and volume",
    accepts: carrying({ get: { ...GET, to: { volume: { name: "backups", path: "{device}/x.log" } } } }),
    refuses: carrying({ get: { ...GET, to: {} } }),
  },
  {
    kind: "NetJob",
    message: "name the key of the ConfigMap",
    accepts: carrying({ recursive: true, put: { ...PUT, from: { configMap: { name: "motd" } } } }),
    refuses: carrying({ put: { ...PUT, from: { configMap: { name: "motd" } } } }),
  },
  {
    kind: "NetJob",
    message: "recursive carries folders",
    accepts: carrying({
      recursive: true,
      put: { ...PUT, from: { volume: { name: "firmware", path: "all" } } },
    }),
    refuses: carrying({ recursive: true, put: { ...PUT, from: { url: "https://files.example/x" } } }),
  },
  {
    kind: "NetJob",
    message: "a folder can be fetched to a volume only",
    accepts: carrying({
      recursive: true,
      get: { ...GET, to: { volume: { name: "backups", path: "{device}" } } },
    }),
    refuses: carrying({ recursive: true, get: GET }),
  },
  {
    kind: "NetJob",
    message: "set exactly one of commands, config, call, script, transfer and render",
    accepts: SHOW,
    refuses: { ...SHOW, config: "ntp server 192.0.2.1" },
  },
  {
    kind: "NetJob",
    message: "set exactly one of devices (names) and deviceSelector",
    accepts: { poolRef: POOL_REF, deviceSelector: {}, commands: ["show version"] },
    refuses: { poolRef: POOL_REF, commands: ["show version"] },
  },
  {
    kind: "NetJob",
    message: "set exactly one of content (inline text) and contentFrom",
    accepts: { ...RENDER, script: { content: "uname -a", args: ["x"] } },
    refuses: { ...RENDER, script: { interpreter: "python3" } },
  },
  {
    kind: "NetJob",
    message: "commandDetails belongs to commands",
    accepts: { ...SHOW, commandDetails: [{ command: "show version", readTimeoutSeconds: 5 }] },
    refuses: { ...CONFIG, commandDetails: [{ command: "show version", readTimeoutSeconds: 5 }] },
  },
  {
    kind: "NetJob",
    message: "detach starts one program",
    accepts: { ...SHOW, options: { detach: true } },
    refuses: { ...SHOW, commands: ["uname", "uptime"], options: { detach: true } },
  },
  {
    kind: "NetJob",
    message: "logIntervalSeconds belongs to a detached program",
    accepts: { ...SHOW, options: { detach: true, logIntervalSeconds: 5 } },
    refuses: { ...SHOW, options: { logIntervalSeconds: 5 } },
  },
  {
    kind: "NetJob",
    message: "dryRun shows a configuration change",
    accepts: { ...CONFIG, options: { dryRun: true } },
    refuses: { ...SHOW, options: { dryRun: true } },
  },
  {
    kind: "NetJob",
    message: "save follows a configuration change",
    accepts: { ...CONFIG, options: { save: true } },
    refuses: { ...SHOW, options: { save: true } },
  },
  {
    kind: "NetJob",
    message: "an inline webhook needs a url",
    accepts: { ...SHOW, webhooks: [{ name: "hook", url: "https://example.net/", maxRetries: 1 }] },
    refuses: { ...SHOW, webhooks: [{ name: "hook", maxRetries: 1 }] },
  },
  {
    kind: "NetJob",
    message: "each dialogue step needs exactly one of send and secretKey",
    accepts: {
      ...SHOW,
      commandDetails: [{ command: "show version", dialogue: [{ expect: "x", send: "y" }] }],
    },
    refuses: { ...SHOW, commandDetails: [{ command: "show version", dialogue: [{ expect: "x" }] }] },
  },
  {
    kind: "NetJob",
    message: "set exactly one of template (inline text) and templateFrom (a ConfigMap or a library)",
    accepts: { ...RENDER, render: { template: "x" } },
    refuses: { ...RENDER, render: { engine: "jinja2" } },
  },
  {
    kind: "NetJob",
    message: "set exactly one of template (inline text), templateFrom (a ConfigMap or a library) and lookup",
    accepts: { ...SHOW, parse: [{ lookup: {} }] },
    refuses: { ...SHOW, parse: [{ lookup: {}, template: "x" }] },
  },
  {
    kind: "NetJob",
    message: "set exactly one of configMapRef",
    accepts: { ...RENDER, render: { templateFrom: { configMapRef: { name: "a", key: "b" } } } },
    refuses: { ...RENDER, render: { templateFrom: {} } },
  },
  {
    kind: "NetJob",
    message: "each verification needs expect or reject",
    accepts: { ...CONFIG, options: { verify: [{ command: "show clock", reject: "x" }] } },
    refuses: { ...CONFIG, options: { verify: [{ command: "show clock" }] } },
  },
  {
    kind: "DevicePool",
    message: "each device's credential must be one of spec.credentials",
    accepts: {
      credentials: [{ name: "a", secretRef: { name: "a" } }],
      devices: [{ ...DEVICE, credential: "a" }],
    },
    refuses: {
      credentials: [{ name: "a", secretRef: { name: "a" } }],
      devices: [{ ...DEVICE, credential: "b" }],
    },
  },
  {
    kind: "DevicePool",
    message: "each device's consoleServer must be one of spec.consoleServers",
    accepts: { consoleServers: [{ name: "c", host: "c" }], devices: [{ ...DEVICE, consoleServer: "c" }] },
    refuses: { devices: [{ ...DEVICE, consoleServer: "c" }] },
  },
  {
    kind: "DevicePool",
    message: "each device's jumpHosts must be names of spec.jumpHosts",
    accepts: { jumpHosts: [{ name: "j", host: "j" }], devices: [{ ...DEVICE, jumpHosts: ["j"] }] },
    refuses: { devices: [{ ...DEVICE, jumpHosts: ["j"] }] },
  },
];

/** The one rule that compares with the stored object; test/job-lifecycle.test.ts has its cases. */
const TRANSITION_RULE = "a run is on";

async function apply(kind: RuleCase["kind"], spec: object): Promise<unknown> {
  const { client } = await cluster();
  const resource = kind === "NetJob" ? netJobs : devicePools;
  const object = {
    apiVersion: resource.apiVersion,
    kind,
    metadata: { name: "case", namespace: "default" },
    spec,
  };
  return client.create<NetJob | DevicePool>(resource as typeof netJobs, object as unknown as NetJob, {
    dryRun: true,
  });
}

test.each(RULES)("$kind: $message", async ({ kind, message, accepts, refuses }) => {
  await apply(kind, accepts);
  const refusal = await apply(kind, refuses).catch((error: unknown) => error);
  expect(isInvalid(refusal)).toBe(true);
  expect(String(refusal)).toContain(message);
});

test("every rule of the CRDs has a case that it accepts and one that it refuses", () => {
  const messages = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const rules = (node as Record<string, unknown>)["x-kubernetes-validations"];
    for (const { message } of (rules ?? []) as { message: string }[]) messages.add(message);
    for (const child of Object.values(node)) collect(child);
  };
  for (const kind of kinds) collect(customResourceDefinition(kind));

  const covered = [...RULES.map(({ message }) => message), TRANSITION_RULE];
  expect([...messages].filter((message) => !covered.some((part) => message.includes(part)))).toEqual([]);
});

test("the CRDs in the repository are those of the schemas", () => {
  for (const kind of kinds) {
    const [document] = parseAllDocuments(
      readFileSync(join(PROJECT, "crds", `netpulse.io_${kind.plural}.yaml`), "utf8"),
    );
    expect(document?.toJS(), kind.kind).toEqual(JSON.parse(JSON.stringify(customResourceDefinition(kind))));
  }
});

test("fields that the schema does not know are refused where strictness is asked for", {
  skip: !hasKubectl,
}, async () => {
  const job = {
    apiVersion: "netpulse.io/v1alpha1",
    kind: "NetJob",
    metadata: { name: "typo" },
    spec: { ...SHOW, commmands: ["x"] },
  };
  const { status, stderr } = await kubectl(["apply", "--dry-run=server", "-f", "-"], stringify(job));
  expect(status).not.toBe(0);
  expect(stderr).toContain("commmands");
});

// kubectl shows the API server's warnings, which nothing else of ours does.
test("the CRDs install without a warning", { skip: !hasKubectl }, async () => {
  const { status, stderr } = await kubectl([
    "apply",
    "--server-side",
    "--dry-run=server",
    "--force-conflicts",
    "-f",
    join(PROJECT, "crds"),
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.each(readdirSync(SAMPLES))("the sample %s applies", async (file) => {
  const { client } = await cluster();
  const namespace = await createNamespace();
  const documents = parseAllDocuments(readFileSync(join(SAMPLES, file), "utf8"));
  expect(documents.length).toBeGreaterThan(0);
  for (const document of documents) {
    const object = document.toJS() as NetJob;
    const resource = object.kind === "NetJob" ? netJobs : devicePools;
    const named = { ...object, metadata: { ...object.metadata, namespace } };
    const stored = await client.create(resource as typeof netJobs, named);
    expect(stored.spec).toMatchObject(object.spec);
  }
});

test("a pool of 500 devices with fingerprints passes client-side kubectl apply", {
  skip: !hasKubectl,
}, async () => {
  const namespace = await createNamespace();
  const devices = Array.from({ length: 500 }, (_, n) => ({
    name: `site-${n % 20}-switch-${n}`,
    host: `10.1.${Math.floor(n / 250)}.${n % 250}`,
    port: 22,
    labels: { site: `site-${n % 20}`, role: "access" },
    driver: { args: { device_type: "cisco_ios" } },
    credential: "admin",
    hostKeys: { fingerprints: [`SHA256:${String(n).padStart(43, "A")}`] },
  }));
  const pool = {
    apiVersion: "netpulse.io/v1alpha1",
    kind: "DevicePool",
    metadata: { name: "large", namespace },
    spec: {
      credentials: [{ name: "admin", secretRef: { name: "admin" } }],
      devices,
      workers: { replicas: 0 },
    },
  };
  for (let time = 0; time < 2; time++) {
    const { status, stderr } = await kubectl(["apply", "-f", "-"], stringify(pool));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
});

test("short names, the category, printer columns and scale work with kubectl", {
  skip: !hasKubectl,
}, async () => {
  const { client } = await cluster();
  const namespace = await createNamespace();
  await client.create(netJobs, {
    apiVersion: netJobs.apiVersion,
    kind: "NetJob",
    metadata: { name: "show", namespace },
    spec: SHOW,
  } as unknown as NetJob);
  await client.create(devicePools, {
    apiVersion: devicePools.apiVersion,
    kind: "DevicePool",
    metadata: { name: "pool", namespace },
    spec: { devices: [DEVICE] },
  } as unknown as DevicePool);

  const jobs = await kubectl(["get", "nj", "-n", namespace]);
  expect(jobs.stdout.split("\n")[0]).toMatch(/^NAME +POOL +SUCCEEDED +REASON +DEVICES +OK +FAILED +AGE/);
  expect(jobs.stdout).toMatch(/^show +pool /m);
  const pools = await kubectl(["get", "dp", "-n", namespace, "-o", "wide"]);
  expect(pools.stdout.split("\n")[0]).toMatch(/^NAME +READY +WORKERS +DEVICES +PINNED +AGE +CAPACITY/);
  const all = await kubectl(["get", "netpulse", "-n", namespace, "-o", "name"]);
  expect(all.stdout.trim().split("\n").toSorted()).toEqual([
    "devicepool.netpulse.io/pool",
    "netjob.netpulse.io/show",
  ]);
  expect((await kubectl(["scale", "dp", "pool", "-n", namespace, "--replicas", "3"])).status).toBe(0);
  expect((await client.get(devicePools, namespace, "pool")).spec.workers.replicas).toBe(3);
});
