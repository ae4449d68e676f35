import { expect, test } from "vitest";
import { get, type Replies } from "./test-device.ts";

const item = (name: string, inner: string) =>
  `<environment-item><name>${name}</name>${inner}</environment-item>`;
const sensor = (name: string, celsius: number, kind = "") =>
  item(
    name,
    `${kind}<status>OK</status><temperature celsius="${celsius}">${celsius} degrees C</temperature>`,
  );
const kind = (name: string) => `<class>${name}</class>`;

const limits =
  "<temperature-threshold-information><temperature-threshold><name>one</name><yellow-alarm>10</yellow-alarm><red-alarm>20</red-alarm></temperature-threshold>" +
  "<temperature-threshold><name>last</name><yellow-alarm>60</yellow-alarm><red-alarm>75</red-alarm></temperature-threshold></temperature-threshold-information>";

const engine = (slot: string, inner: string) =>
  `<route-engine><slot>${slot}</slot><cpu-idle>85</cpu-idle>${inner}</route-engine>`;

const plain: Replies = {
  "fact srxCluster": false,
  "get-environment-information": `<environment-information>${[
    sensor("Routing Engine", 59, kind("Temp")),
    sensor("CPU", 60),
    sensor("FPC 0", 75),
    item("Fan 1", `${kind("Fans")}<status>OK</status>`),
    item("Fan 2", "<status>Absent</status>"),
    item("PEM 0", `${kind("Power")}<status>OK</status>`),
    item("PEM 1", "<status>Failed</status>"),
  ].join("")}</environment-information>`,
  "get-route-engine-information": `<route-engine-information>${engine("0", "<memory-dram-size>2048 MB</memory-dram-size><memory-buffer-utilization>50</memory-buffer-utilization>")}${engine("1", "<memory-dram-size>1951 MB</memory-dram-size><memory-buffer-utilization>13</memory-buffer-utilization>")}<route-engine><slot>2</slot></route-engine></route-engine-information>`,
  "get-temperature-threshold-information": limits,
  "get-power-usage-information-detail": null,
};

test("only the first item names a class; every sensor is held against the limits that stand last", async () => {
  expect(await get("get_environment", plain)).toEqual({
    fans: { "Fan 1": { status: true }, "Fan 2": { status: false } },
    temperature: {
      "Routing Engine": { temperature: 59, is_alert: false, is_critical: false },
      CPU: { temperature: 60, is_alert: true, is_critical: false },
      "FPC 0": { temperature: 75, is_alert: true, is_critical: true },
    },
    power: {
      "Power Supply 0": { status: true, capacity: -1, output: -1 },
      "Power Supply 1": { status: false, capacity: -1, output: -1 },
    },
    cpu: { "0": { "%usage": 15 }, "1": { "%usage": 15 } },
    memory: { available_ram: 1951, used_ram: 254 },
  });
});

test("power supplies that measure themselves know better than their sensors", async () => {
  const supply =
    "<power-usage-item><name>PEM 1</name><state>Online</state><dc-output-detail><dc-power>120.5</dc-power></dc-output-detail><pem-capacity-detail><capacity-actual>1700</capacity-actual></pem-capacity-detail></power-usage-item>";
  const usage = `<power-usage-information>${supply}<power-usage-item/></power-usage-information>`;
  const found = await get("get_environment", { ...plain, "get-power-usage-information-detail": usage });
  expect(found).toMatchObject({
    power: { "Power Supply 1": { status: true, capacity: 1700, output: 120.5 } },
  });
});

test("a cluster is asked for its primary node, whose name the load has", async () => {
  const node = (inner: string) =>
    `<multi-routing-engine-results><multi-routing-engine-item><re-name>node0</re-name>${inner}</multi-routing-engine-item></multi-routing-engine-results>`;
  const found = await get("get_environment", {
    "fact srxCluster": true,
    "get-environment-information node=primary": node(
      `<environment-information>${sensor("Routing Engine", 39, kind("Temp"))}</environment-information>`,
    ),
    "get-route-engine-information node=primary": node(
      "<route-engine-information><route-engine><cpu-idle>92</cpu-idle><memory-system-total>4096</memory-system-total><memory-system-total-used>1311</memory-system-total-used></route-engine></route-engine-information>",
    ),
    "get-temperature-threshold-information node=primary": node(limits),
    "get-power-usage-information-detail": null,
  });
  expect(found).toMatchObject({
    temperature: { "Routing Engine": { temperature: 39 } },
    cpu: { node0: { "%usage": 8 } },
    memory: { available_ram: 4096, used_ram: 1311 },
  });
});

test("a device that tells nothing has an environment without anything", async () => {
  expect(
    await get("get_environment", {
      "fact srxCluster": false,
      "get-environment-information": "<environment-information/>",
      "get-route-engine-information": "<route-engine-information/>",
      "get-temperature-threshold-information": "<temperature-threshold-information/>",
      "get-power-usage-information-detail": null,
    }),
  ).toEqual({ fans: {}, temperature: {}, power: {}, cpu: {}, memory: { available_ram: -1, used_ram: -1 } });
});
