import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal, integer, required } from "../cisco-xr/fields.ts";
import { namespaceOf } from "../cisco-xr/tree.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { type Asking, capabilities, get, type XrNetconfGetter } from "./request.ts";
import { getFacts } from "./system.ts";

export const getEnvironment: XrNetconfGetter = function* (context) {
  const { model } = yield* getFacts(context);
  const sensors = MODELS_WITHOUT_SENSORS.has(model) ? undefined : yield* sensorData();
  return {
    fans: Object.fromEntries(sensors ? fansOf(sensors) : []),
    power: Object.fromEntries(sensors ? powerOf(sensors) : []),
    temperature: Object.fromEntries(sensors ? temperaturesOf(sensors) : []),
    cpu: yield* cpus(),
    memory: yield* memory(),
  };
};

/** Virtual routers. */
const MODELS_WITHOUT_SENSORS = new Set(["R-IOSXRV9000-CC"]);

/** Hardware families have models of their own; a router announces those that it has, and the first of these is asked. */
const SENSOR_MODELS = [
  "Cisco-IOS-XR-sysadmin-asr9k-envmon-ui",
  "Cisco-IOS-XR-sysadmin-envmon-ui",
  "Cisco-IOS-XR-sysadmin-fretta-envmon-ui",
];

function* sensorData(): Asking<XmlElement> {
  const announced = yield* capabilities();
  const model = SENSOR_MODELS.find((one) => announced.some((uri) => uri.includes(namespaceOf(one))));
  if (model === undefined)
    throw new InvalidValue("among what the router announces", SENSOR_MODELS.join(", "));
  return yield* get(`${model}:environment/oper`, { temperatures: "", fan: "", power: "" });
}

type Named<T> = readonly [name: string, value: T];

/** Fan trays; a tray that is there works. */
function fansOf(sensors: XmlElement): Named<{ status: boolean }>[] {
  return sensors
    .all(".//environment/oper/fan/location")
    .map((one) => one.value("location").replace(/^[0/]+/, ""))
    .filter((name) => name.includes("FT"))
    .map((name) => [name, { status: true }]);
}

type Power = { status: boolean; output: number; capacity: number };

/** A location that is a number is a rack and tells the capacity of the supplies that follow. */
function powerOf(sensors: XmlElement): Named<Power>[] {
  const supplies: Named<Power>[] = [];
  let capacity = 0;
  for (const one of sensors.all(".//environment/oper/power/location")) {
    const name = one.value("location");
    if (/^\d+$/.test(name)) capacity = required(one, "pem_attributes/usable_power_capacity");
    else if (/\d\/P[MT]\d/.test(name))
      supplies.push(...one.all("pem_attributes").map((supply) => powerSupply(supply, capacity)));
  }
  return supplies;
}

function powerSupply(supply: XmlElement, capacity: number): Named<Power> {
  const watts = decimal(supply, "output_voltage") * decimal(supply, "output_current");
  const status = supply.value("status") === "OK";
  return [supply.value("pem"), { status, output: inHundredths(watts), capacity }];
}

/** Rounded to two digits; halves to the even one, as in Python. */
function inHundredths(value: number): number {
  // A half of a hundredth is exact in binary only as an odd number of eighths.
  const isHalf = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
  if (!isHalf) return Number(value.toFixed(2));
  const lower = Math.floor(value * 100);
  return (lower % 2 === 0 ? lower : lower + 1) / 100;
}

const INLETS = new Set(["Inlet", "Control Sensor"]);

type Temperature = { temperature: number; is_alert: boolean; is_critical: boolean };

/** The air that a card draws in: the first such sensor of each location. */
function temperaturesOf(sensors: XmlElement): Named<Temperature>[] {
  return sensors.all(".//environment/oper/temperatures/location").flatMap((one) => {
    const inlet = one.all("sensor_attributes").find((sensor) => INLETS.has(sensor.value("sensor_id")));
    return inlet ? [[one.value("location"), temperatureOf(inlet)] as const] : [];
  });
}

function temperatureOf(sensor: XmlElement): Temperature {
  const temperature = required(sensor, "value");
  const isOutside = (grade: string) =>
    temperature <= required(sensor, `${grade}_lo`) || temperature >= required(sensor, `${grade}_hi`);
  return { temperature, is_alert: isOutside("major"), is_critical: isOutside("critical") };
}

function* cpus() {
  const data = yield* get("Cisco-IOS-XR-wdsysmon-fd-oper:system-monitoring/cpu-utilization");
  return Object.fromEntries(
    data
      .all(".//system-monitoring/cpu-utilization")
      .map((one) => [one.value("node-name"), { "%usage": decimal(one, "total-cpu-five-minute") }]),
  );
}

const PROCESSORS = new Set(["RP0", "RSP0"]);

/** Of the first route processor. */
function* memory() {
  const data = yield* get("Cisco-IOS-XR-nto-misc-oper:memory-summary");
  const node = data
    .all(".//memory-summary/nodes/node")
    .find((one) => PROCESSORS.has(one.value("node-name").split("/")[1] ?? ""));
  const available = node ? integer(node, "summary/system-ram-memory") : 0;
  const free = node ? integer(node, "summary/free-physical-memory") : 0;
  return available && free
    ? { available_ram: available, used_ram: available - free }
    : { available_ram: 0, used_ram: 0 };
}
