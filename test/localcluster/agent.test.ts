import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { LocalAgent } from "../../src/localcluster/agent/agent.ts";
import { isNotFound } from "../../src/runtime/api-error.ts";
import {
  configMaps,
  deployments,
  leases,
  nodes,
  type Pod,
  pods,
  secrets,
} from "../../src/runtime/builtin-resources.ts";
import { ApiClient } from "../../src/runtime/client.ts";
import { inClusterCredentials } from "../../src/runtime/credentials.ts";
import { cluster, createNamespace, untilServiceAccount } from "../support/cluster.ts";
import { until } from "../support/until.ts";

/** Serves, on the port that it is told, what it sees of its environment. */
const SERVER = `
  const { createServer } = require("node:http");
  const { readFileSync } = require("node:fs");
  process.on("SIGTERM", () => process.exit(0));
  createServer((_, response) => {
    const read = (path) => { try { return readFileSync(path, "utf8"); } catch { return null; } };
    response.end(JSON.stringify({
      env: process.env, argv: process.argv.slice(1), secret: read(process.env.SECRET_FOLDER + "/password"),
    }));
  }).listen(Number(process.env.PORT), "127.0.0.1");
`;

const seenSchema = z.object({
  env: z.record(z.string(), z.string()),
  argv: z.array(z.string()),
  secret: z.string().nullable(),
});

async function startAgent({ heartbeat = false } = {}) {
  const { client } = await cluster();
  const namespace = await createNamespace();
  await untilServiceAccount(namespace);
  const folder = mkdtempSync(join(tmpdir(), "agent-"));
  const nodeName = `node-${namespace}`;
  const accepts = (pod: Pod) => pod.metadata.namespace === namespace;
  const options = { client, folder, nodeName, accepts, heartbeat };
  let agent = await LocalAgent.start(options);
  onTestFinished(async () => {
    await agent.stop(1_000);
    await agent.deleteNode();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    client,
    namespace,
    nodeName,
    folder,
    get agent() {
      return agent;
    },
    restartAgent: async () => {
      await agent.stop(1_000);
      agent = await LocalAgent.start(options);
    },
    pod: (name = "web") => client.get(pods, namespace, name),
  };
}

function podOf(namespace: string, { program = SERVER, env = [] as object[] } = {}): Pod {
  return {
    metadata: { name: "web", namespace, labels: { app: "web" } },
    spec: {
      terminationGracePeriodSeconds: 5,
      containers: [
        {
          name: "main",
          image: "whatever",
          command: [process.execPath, "-e", program, "argument"],
          args: ["--folder=$(POD_NAME)", "/etc/secret/password"],
          ports: [{ name: "http", containerPort: 8080 }],
          env: [
            { name: "PORT", value: "8080" },
            { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            { name: "SECRET_FOLDER", value: "/etc/secret" },
            { name: "FROM_MAP", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } },
            ...env,
          ],
          readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 1 },
          volumeMounts: [{ name: "secret", mountPath: "/etc/secret", readOnly: true }],
        },
      ],
      volumes: [{ name: "secret", secret: { secretName: "login" } }],
    },
  };
}

async function createSources(setUp: Awaited<ReturnType<typeof startAgent>>): Promise<void> {
  const { client, namespace } = setUp;
  await client.create(secrets, { metadata: { name: "login", namespace }, stringData: { password: "first" } });
  await client.create(configMaps, { metadata: { name: "settings", namespace }, data: { level: "high" } });
}

const isReady = (pod: Pod) => pod.status?.conditions?.some((c) => c.type === "Ready" && c.status === "True");

async function untilReady(setUp: Awaited<ReturnType<typeof startAgent>>): Promise<Pod> {
  return until("the pod is ready", async () => {
    const pod = await setUp.pod();
    return isReady(pod) ? pod : undefined;
  });
}

test("a pod runs as a process: environment, port, volume, token and probe", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  await setUp.client.create(pods, podOf(setUp.namespace));
  const pod = await untilReady(setUp);
  const port = setUp.agent.portOf(`${setUp.namespace}/web`, 8080);
  const seen = seenSchema.parse(await (await fetch(`http://127.0.0.1:${port}/`)).json());
  const credentials = inClusterCredentials({ environment: seen.env });
  if (credentials === undefined) throw new Error("the process is not told where the API server is");
  const asPod = new ApiClient(credentials);
  onTestFinished(() => asPod.close());
  const review = await asPod.raw({
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    body: JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }),
  });

  expect(seen.env).toMatchObject({ POD_NAME: "web", FROM_MAP: "high", PORT: String(port) });
  expect(seen.secret).toBe("first");
  expect(seen.argv).toEqual(["argument", "--folder=web", `${seen.env.SECRET_FOLDER}/password`]);
  expect(JSON.parse(review).status.userInfo).toMatchObject({
    username: `system:serviceaccount:${setUp.namespace}:default`,
    extra: { "authentication.kubernetes.io/pod-name": ["web"] },
  });
  expect(pod.spec?.nodeName).toBe(setUp.nodeName);
  expect(pod.status).toMatchObject({
    phase: "Running",
    podIP: "127.0.0.1",
    containerStatuses: [{ ready: true, restartCount: 0, containerID: expect.stringMatching(/^local:\/\//) }],
  });
});

test("a Secret that is created late starts the pod, and a changed one is seen in the running process", async () => {
  const setUp = await startAgent();
  const { client, namespace } = setUp;
  await client.create(configMaps, { metadata: { name: "settings", namespace }, data: { level: "high" } });
  const saysWhy = `
    const { readFileSync } = require("node:fs");
    const path = process.env.SECRET_FOLDER + "/password";
    require("node:http").createServer((_, response) => {
      response.statusCode = readFileSync(path, "utf8") === process.env.WANTED ? 200 : 503;
      response.end();
    }).listen(Number(process.env.PORT), "127.0.0.1");
  `;
  await client.create(
    pods,
    podOf(namespace, { program: saysWhy, env: [{ name: "WANTED", value: "second" }] }),
  );
  await until("it is told why the pod waits", async () => {
    const waiting = (await setUp.pod()).status?.containerStatuses?.[0]?.state?.waiting;
    return waiting?.message?.includes("Secret login does not exist");
  });
  await client.create(secrets, { metadata: { name: "login", namespace }, stringData: { password: "first" } });
  await until("the process runs", () => setUp.agent.processOf(`${namespace}/web`));
  await client.mergePatch(secrets, namespace, "login", { stringData: { password: "second" } });

  expect(isReady(await untilReady(setUp))).toBe(true);
});

test("a process that is killed is told as terminated and started again under the same pod", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  await setUp.client.create(pods, podOf(setUp.namespace));
  const before = await untilReady(setUp);
  const [status] = before.status?.containerStatuses ?? [];
  setUp.agent.kill(`${setUp.namespace}/web`);
  const after = await until("it has been restarted", async () => {
    const pod = await setUp.pod();
    return isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1 ? pod : undefined;
  });

  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
    exitCode: 137,
    containerID: status?.containerID,
  });
});

test("a deleted pod's process ends and the object goes; a Deployment gets another one", async () => {
  const setUp = await startAgent();
  const { client, namespace } = setUp;
  await createSources(setUp);
  const template = podOf(namespace);
  await client.create(deployments, {
    metadata: { name: "web", namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "web" } },
      template: { metadata: { labels: { app: "web" } }, spec: template.spec },
    },
  });
  const first = await until("a pod of the Deployment is ready", async () =>
    (await client.list(pods, { namespace })).items.find(isReady),
  );
  const process = setUp.agent.processOf(`${namespace}/${first.metadata.name}`);
  await client.delete(pods, namespace, first.metadata.name ?? "");
  const exit = await process?.exited;
  const second = await until("another pod is ready", async () =>
    (await client.list(pods, { namespace })).items.find(
      (p) => isReady(p) && p.metadata.uid !== first.metadata.uid,
    ),
  );
  await until("the first pod is gone", () => setUp.pod(first.metadata.name).then(() => false, isNotFound));

  expect(exit).toEqual({ code: 0, signal: null });
  expect(second.metadata.name).not.toBe(first.metadata.name);
});

test("an agent that ends leaves no Secret and no token behind, and its pods' logs", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  await setUp.client.create(pods, podOf(setUp.namespace));
  await untilReady(setUp);
  const files = () => readdirSync(setUp.folder, { recursive: true, encoding: "utf8" });
  const secret = (file: string) => /\/(?:password|token)$/.test(file);
  expect(files().filter(secret)).not.toEqual([]);

  await setUp.agent.stop(1_000);

  expect(files().filter(secret)).toEqual([]);
  expect(files().some((file) => file.endsWith(".log"))).toBe(true);
});

test("an agent that starts again takes up its pods and tells that their containers had ended", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  await setUp.client.create(pods, podOf(setUp.namespace));
  const before = await untilReady(setUp);
  await setUp.restartAgent();
  const after = await until("the pod runs again", async () => {
    const pod = await setUp.pod();
    return isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1 ? pod : undefined;
  });

  expect(after.metadata.uid).toBe(before.metadata.uid);
  expect(after.status?.containerStatuses?.[0]?.lastState?.terminated?.containerID).toBe(
    before.status?.containerStatuses?.[0]?.containerID,
  );
});

test("a frozen process stops answering and answers again once it is resumed", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  const key = `${setUp.namespace}/web`;
  await setUp.client.create(pods, podOf(setUp.namespace));
  await untilReady(setUp);
  const answers = () =>
    fetch(`http://127.0.0.1:${setUp.agent.portOf(key, 8080)}/`, { signal: AbortSignal.timeout(300) }).then(
      (response) => response.ok,
      () => false,
    );
  setUp.agent.pause(key);
  await until("it does not answer", async () => !(await answers()));
  const pid = setUp.agent.processOf(key)?.pid;
  setUp.agent.resume(key);
  await until("it answers", answers);

  expect(setUp.agent.processOf(key)?.pid).toBe(pid);
});

test("a pod that vanishes leaves its object as it was: nothing says that its process has ended", async () => {
  const setUp = await startAgent();
  await createSources(setUp);
  const key = `${setUp.namespace}/web`;
  await setUp.client.create(pods, podOf(setUp.namespace));
  const before = await untilReady(setUp);
  const process = setUp.agent.processOf(key);
  await setUp.agent.vanish(key);

  expect(await process?.exited).toEqual({ code: null, signal: "SIGKILL" });
  expect((await setUp.pod()).status).toEqual(before.status);
});

test("a pod that asks for what the agent cannot do waits, and says for what", async () => {
  const setUp = await startAgent();
  const pod = podOf(setUp.namespace);
  await setUp.client.create(pods, {
    ...pod,
    spec: { ...pod.spec, initContainers: [{ name: "copy", image: "none" }] },
  });
  const message = await until("the reason is told", async () => {
    const [status] = (await setUp.pod()).status?.containerStatuses ?? [];
    return status?.state?.waiting?.message;
  });

  expect(message).toContain("does not support init container copy");
});

test("the agent's Node is told as ready, and its Lease is renewed where that is asked for", async () => {
  const setUp = await startAgent({ heartbeat: true });
  const node = await setUp.client.get(nodes, undefined, setUp.nodeName);
  const lease = await until("the Node has a Lease", () =>
    setUp.client.get(leases, "kube-node-lease", setUp.nodeName),
  );

  expect(lease.spec).toMatchObject({ holderIdentity: setUp.nodeName, leaseDurationSeconds: 40 });
  expect(node.status?.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
});
