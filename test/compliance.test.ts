import { expect, onTestFinished, test } from "vitest";
import { configMaps } from "../src/runtime/index.ts";
import { simulateEapi } from "../src/simulator/eapi/server.ts";
import { condition, result, startSystem, WRONG_CREDENTIAL } from "./support/system.ts";

const RULES = `
- get_facts: { hostname: leaf1, os_version: "^4\\\\.31" }
- get_ntp_peers: { 192.0.2.1: {} }
`;

test("rules from a ConfigMap are compared with a device, and the condition Compliant tells the outcome", async () => {
  const system = await startSystem();
  const eapi = await simulateEapi({ password: "not the password", replies: FACTS });
  onTestFinished(() => eapi.close());
  await system.startOperator();
  const device = {
    name: "leaf1",
    host: eapi.host,
    port: eapi.port,
    credential: WRONG_CREDENTIAL,
    hostKeys: { policy: "Insecure" },
    driver: { name: "napalm", args: { platform: "eos", optional_args: { transport: "http" } } },
  };
  await system.createPool({}, { devices: [device] });
  await system.startWorker();
  await system.client.create(configMaps, {
    metadata: { name: "compliance", namespace: system.namespace },
    data: { "leaf.yaml": RULES, "other.yaml": RULES.replace("leaf1", "leaf2") },
  });

  const from = (key: string) => [
    { name: "validation_source", from: { configMapRef: { name: "compliance", key } } },
  ];
  const call = (key: string) => ({ method: "compliance_report", kwargsFrom: from(key) });
  await system.createJob("complies", { devices: ["leaf1"], call: call("leaf.yaml") });
  await system.createJob("differs", { devices: ["leaf1"], call: call("other.yaml") });

  const complies = await system.finished("complies");
  expect(condition(complies, "Succeeded")).toMatchObject({ status: "True" });
  expect(condition(complies, "Compliant")).toMatchObject({ status: "True" });
  expect(result(complies, "leaf1")?.commands?.[0]?.parsed).toMatchObject({
    complies: true,
    skipped: ["get_ntp_peers"],
  });
  const differs = await system.finished("differs");
  expect(condition(differs, "Succeeded")).toMatchObject({ status: "True" });
  expect(condition(differs, "Compliant")).toMatchObject({ status: "False", reason: "NotCompliant" });
});

const FACTS = {
  "show version": { modelName: "vEOS", serialNumber: "S1", internalVersion: "4.31.0F", bootupTimestamp: 1 },
  "show hostname": { hostname: "leaf1", fqdn: "leaf1.example.net" },
  "show interfaces": { interfaces: {} },
};
