import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal, integer } from "../cisco-xr/fields.ts";
import { type Asking, get, type XrGetter } from "./request.ts";
import { chassisFacts } from "./system.ts";

/** Virtual routers have no sensors, and their memory is that of the host. */
export const getEnvironment: XrGetter = function* () {
  const slots = slotsOf(
    yield* get("AdminOperational/PlatformInventory/RackTable/Rack", { "Naming/Name": 0, SlotTable: "" }),
  );
  const facts = yield* chassisFacts();
  const isVirtual = facts.model.toLowerCase().startsWith("xrv");
  const sensors = yield* sensorsOf(slots, isVirtual);
  const replies = [...sensors];
  return {
    power: Object.fromEntries(
      replies.filter(([slot]) => isPowerSupply(slot)).map(([slot, one]) => [slot, powerOf(one)]),
    ),
    memory: isVirtual ? NO_MEMORY : yield* memory(slots, facts.os_version),
    fans: Object.fromEntries(
      replies.flatMap(([slot, one]) => (kindOf(slot) === "FT" ? fanOf(slot, one) : [])),
    ),
    cpu: yield* cpus(),
    temperature: Object.fromEntries(
      isVirtual ? [] : replies.flatMap(([slot, one]) => temperatureOf(slot, one)),
    ),
  };
};

/** Names of slots with a card that is switched on: `RSP0`, `PM0`, `FT0`, and numbers for line cards. */
function slotsOf(reply: XmlElement): string[] {
  return reply
    .all(".//Slot")
    .filter((slot) =>
      slot
        .all(".//CardTable")
        .some((cards) => cards.value("Card/Attributes/FRUInfo/ModuleAdministrativeState") === "ADMIN_UP"),
    )
    .map((slot) => slot.value("Naming/Name"));
}

/** `PM` of `PM0`; line cards have numbers only. */
function kindOf(slot: string): string {
  return slot.replace(/\d+/g, "");
}

// A chassis with four supplies tells of eight; these two are never there.
const ABSENT_SUPPLIES = new Set(["PM6", "PM7"]);

function isPowerSupply(slot: string): boolean {
  return kindOf(slot) === "PM" && !ABSENT_SUPPLIES.has(slot);
}

/** What the sensors of each slot tell. */
function* sensorsOf(slots: readonly string[], isVirtual: boolean): Asking<Map<string, XmlElement>> {
  const replies = new Map<string, XmlElement>();
  for (const slot of slots) {
    if (isVirtual && !isPowerSupply(slot)) continue;
    const reply = yield* get("AdminOperational/EnvironmentalMonitoring/RackTable/Rack", {
      "Naming/rack": 0,
      "SlotTable/Slot/Naming/slot": slot,
    });
    replies.set(slot, reply);
  }
  return replies;
}

/** Volts and amperes come in thousandths. */
function powerOf(reply: XmlElement) {
  const readings = new Map(
    reply.all(".//SensorName").map((one) => [one.value("Naming/Name"), decimal(one, "ValueBrief")]),
  );
  const capacity = readings.get("host__PM") ?? 0;
  const watts = ((readings.get("host__VOLT") ?? 0) * (readings.get("host__CURR") ?? 0)) / 1_000_000;
  return { status: capacity > 0, capacity: Math.max(capacity, 0), output: watts };
}

function fanOf(slot: string, reply: XmlElement): [string, { status: boolean }][] {
  const speed = reply
    .all(".//Module//SensorType//SensorNameTable/SensorName")
    .find((one) => one.value("Naming/Name") === "host__FanSpeed_0");
  return speed ? [[slot, { status: integer(speed, "ValueDetailed/Status") === 1 }]] : [];
}

type Temperature = { temperature: number; is_alert: boolean; is_critical: boolean };

/** Tenths of degrees; of its six thresholds the third to the sixth bound what NAPALM calls an alert and critical. */
function temperatureOf(slot: string, reply: XmlElement): [string, Temperature][] {
  const inlet = reply.all(".//SensorName").findLast((one) => one.value("Naming/Name") === "host__Inlet0");
  if (!inlet) return [];
  const reading = decimal(inlet, "ValueBrief");
  const thresholds = inlet.all("ThresholdTable/Threshold/ValueBrief").map((one) => decimal(one, "."));
  const isWithin = (low: number | undefined, high: number | undefined) =>
    low !== undefined && high !== undefined && low <= reading && reading <= high;
  return [
    [
      slot,
      {
        temperature: reading / 10,
        is_alert: isWithin(thresholds[2], thresholds[3]),
        is_critical: isWithin(thresholds[4], thresholds[5]),
      },
    ],
  ];
}

const NO_MEMORY = { available_ram: 0, used_ram: 0 };

/** Of the first route processor. From release 7 on it no longer belongs to the administration. */
function* memory(slots: readonly string[], release: string) {
  const [major = ""] = release.split(".");
  const plane = /^\d+$/.test(major) && Number(major) >= 7 ? "Operational" : "AdminOperational";
  const reply = yield* get(`${plane}/MemorySummary`);
  const processor = slots.find((slot) => kindOf(slot) === "RSP");
  const node = reply.all(".//Node").find((one) => one.value("Naming/NodeName/Slot") === processor);
  if (!node) return NO_MEMORY;
  const available = integer(node, "Summary/SystemRAMMemory");
  const free = integer(node, "Summary/FreeApplicationMemory");
  return available && free ? { available_ram: available, used_ram: available - free } : NO_MEMORY;
}

function* cpus() {
  const reply = yield* get("Operational/SystemMonitoring");
  return Object.fromEntries(
    reply.all(".//CPUUtilization").map((one) => {
      const node = ["Rack", "Slot", "Instance"].map((part) => one.value(`Naming/NodeName/${part}`));
      return [node.join("/"), { "%usage": decimal(one, "TotalCPUFiveMinute") }];
    }),
  );
}
