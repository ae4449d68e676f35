import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const sensor = (id: string, value: number) =>
  `<sensor_attributes><sensor_id>${id}</sensor_id><value>${value}</value><major_lo>-10</major_lo><major_hi>45</major_hi>
   <critical_lo>-20</critical_lo><critical_hi>55</critical_hi></sensor_attributes>`;
const supply = (pem: string, status: string, volts: string) =>
  `<pem_attributes><pem>${pem}</pem><status>${status}</status><output_voltage>${volts}</output_voltage><output_current>0.25</output_current></pem_attributes>`;
const sensors = `<environment><oper>
  <fan><location><location>0/FT0</location></location><location><location>0/PM0</location></location></fan>
  <power><location><location>0</location><pem_attributes><usable_power_capacity>6000</usable_power_capacity></pem_attributes></location>
  <location><location>0/PT0</location>${supply("0/PT0-PM0", "OK", "12.5")}${supply("0/PT0-PM1", "FAILED", "0.5")}</location>
  <location><location>0/RP0</location></location></power>
  <temperatures><location><location>0/RP0</location>${sensor("Hot Spot", 99)}${sensor("Inlet", 50)}${sensor("Inlet", 10)}</location></temperatures>
  </oper></environment>`;
const facts = "get system-time + interfaces/interfaces/interface/interface-name + inventory/entities/entity";
const chassis = (model: string) =>
  `<inventory><entities><entity><attributes><inv-basic-bag><model-name>${model}</model-name></inv-basic-bag></attributes></entity></entities></inventory>`;
const common = {
  [facts]: chassis("NCS-5501"),
  "get system-monitoring/cpu-utilization": `<system-monitoring><cpu-utilization><node-name>0/RP0/CPU0</node-name><total-cpu-five-minute>4</total-cpu-five-minute></cpu-utilization></system-monitoring>`,
  "get memory-summary": `<memory-summary><nodes><node><node-name>0/0/CPU0</node-name></node><node><node-name>0/RP0/CPU0</node-name>
    <summary><system-ram-memory>1000</system-ram-memory><free-physical-memory>300</free-physical-memory></summary></node></nodes></memory-summary>`,
};
const announced = ["http://www.cisco.com/ns/yang/Cisco-IOS-XR-sysadmin-fretta-envmon-ui?module=m"];

test("the model of sensors that the router announces is asked", async () => {
  const replies = { ...common, capabilities: announced, "get environment/oper": sensors };
  expect(await get("get_environment", replies)).toEqual({
    fans: { FT0: { status: true } },
    power: {
      // 3.125 W: halves go to the even digit.
      "0/PT0-PM0": { status: true, capacity: 6000, output: 3.12 },
      "0/PT0-PM1": { status: false, capacity: 6000, output: 0.12 },
    },
    temperature: { "0/RP0": { temperature: 50, is_alert: true, is_critical: false } },
    cpu: { "0/RP0/CPU0": { "%usage": 4 } },
    memory: { available_ram: 1000, used_ram: 700 },
  });
});

test("a virtual router is not asked for sensors", async () => {
  const replies = { ...common, [facts]: chassis("R-IOSXRV9000-CC") };
  expect(await get("get_environment", replies)).toMatchObject({ fans: {}, power: {}, temperature: {} });
});

test("a router that announces no model of sensors fails and says which are known", async () => {
  const replies = { ...common, capabilities: ["urn:ietf:params:netconf:base:1.1"] };
  await expect(get("get_environment", replies)).rejects.toThrow("Cisco-IOS-XR-sysadmin-envmon-ui");
});

test("a sensor without its bounds fails and names the field", async () => {
  const replies = {
    ...common,
    capabilities: announced,
    "get environment/oper": sensors.replaceAll("<major_hi>45</major_hi>", ""),
  };
  await expect(get("get_environment", replies)).rejects.toThrow("major_hi");
});
