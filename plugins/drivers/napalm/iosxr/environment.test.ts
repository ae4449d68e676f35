import { expect, test } from "vitest";
import { get, type Responses } from "./test-router.ts";

const slot = (name: string, state: string) =>
  `<Slot><Naming><Name>${name}</Name></Naming><CardTable><Card><Attributes><FRUInfo><ModuleAdministrativeState>${state}</ModuleAdministrativeState></FRUInfo></Attributes></Card></CardTable></Slot>`;
const sensor = (name: string, content: string) =>
  `<SensorName><Naming><Name>${name}</Name></Naming>${content}</SensorName>`;
const thresholds = (...values: readonly number[]) =>
  `<ThresholdTable>${values.map((one) => `<Threshold><ValueBrief>${one}</ValueBrief></Threshold>`).join("")}</ThresholdTable>`;

const sensors: Readonly<Record<string, string>> = {
  PM0:
    sensor("host__VOLT", "<ValueBrief>12000</ValueBrief>") +
    sensor("host__CURR", "<ValueBrief>10500</ValueBrief>") +
    sensor("host__PM", "<ValueBrief>3000</ValueBrief>"),
  PM1: "",
  FT0: `<Module><SensorType><SensorNameTable>${sensor("host__FanSpeed_0", "<ValueDetailed><Status>1</Status></ValueDetailed>")}</SensorNameTable></SensorType></Module>`,
  RSP0: sensor("host__Inlet0", `<ValueBrief>315</ValueBrief>${thresholds(0, 0, 300, 400, -100, 100)}`),
  "0": "",
};

function router(model: string, release: string): Responses {
  const facts = `<SystemTime><Uptime><Hostname>r</Hostname></Uptime></SystemTime><RackTable><Rack><Attributes><BasicInfo>
    <ModelName>${model}</ModelName><SoftwareRevision>${release}</SoftwareRevision></BasicInfo></Attributes></Rack></RackTable>`;
  const memory = `<Node><Naming><NodeName><Slot>RSP0</Slot></NodeName></Naming><Summary><SystemRAMMemory>1000</SystemRAMMemory>
    <FreeApplicationMemory>400</FreeApplicationMemory></Summary></Node>`;
  const slots = [
    ...Object.keys(sensors).map((name) => slot(name, "ADMIN_UP")),
    slot("PM6", "ADMIN_UP"),
    slot("FT1", "ADMIN_DOWN"),
  ];
  return {
    "Get/AdminOperational/PlatformInventory/RackTable/Rack": `<Get>${slots.join("")}</Get>`,
    "Get/Operational": `<Get>${facts}</Get>`,
    [`Get/${release.startsWith("7") ? "" : "Admin"}Operational/MemorySummary`]: `<Get>${memory}</Get>`,
    "Get/Operational/SystemMonitoring": `<Get><CPUUtilization><Naming><NodeName><Rack>0</Rack><Slot>RSP0</Slot><Instance>CPU0</Instance></NodeName></Naming>
      <TotalCPUFiveMinute>3</TotalCPUFiveMinute></CPUUtilization></Get>`,
    "Get/AdminOperational/EnvironmentalMonitoring/RackTable/Rack": (request) =>
      `<Get>${sensors[request.value(".//slot")] ?? ""}</Get>`,
  };
}

test("sensors of switched-on slots are read: supplies, fan trays, inlets", async () => {
  expect(await get("get_environment", router("ASR-9904", "5.3.1"))).toEqual({
    power: {
      PM0: { status: true, capacity: 3000, output: 126 },
      PM1: { status: false, capacity: 0, output: 0 },
    },
    fans: { FT0: { status: true } },
    temperature: { RSP0: { temperature: 31.5, is_alert: true, is_critical: false } },
    cpu: { "0/RSP0/CPU0": { "%usage": 3 } },
    memory: { available_ram: 1000, used_ram: 600 },
  });
});

test("from release 7 on memory does not belong to the administration", async () => {
  expect(await get("get_environment", router("ASR-9904", "7.1.2"))).toMatchObject({
    memory: { available_ram: 1000, used_ram: 600 },
  });
});

test("a virtual router has neither fans nor temperatures nor memory of its own", async () => {
  expect(await get("get_environment", router("XRV-9000", "6.1"))).toMatchObject({
    fans: {},
    temperature: {},
    memory: { available_ram: 0, used_ram: 0 },
  });
});
