import { z } from "zod";
import { InvalidValue } from "../values/invalid-value.ts";
import { type EosGetter, json, jsonOfEach, text } from "./request.ts";

export const getEnvironment: EosGetter = function* () {
  const { modelName } = yield* json("show version", z.object({ modelName: z.string() }));
  // Virtual devices have no power supplies and refuse to show them.
  const isVirtual = ["veos", "ceoslab"].includes(modelName.toLowerCase());
  const parts = ["cooling", "temperature", ...(isVirtual ? [] : ["power"])];
  const replies = yield* jsonOfEach(parts.map((part) => `show system environment ${part}`));
  const processes = yield* text("show processes top once");
  const fans = cooling.parse(replies[0]);
  const temperatures = temperature.parse(replies[1]);
  const { powerSupplies } = power.parse(replies[2] ?? { powerSupplies: {} });
  const slots = [...temperatures.cardSlots, ...temperatures.powerSupplySlots].flatMap(
    (slot) => slot.tempSensors,
  );
  return {
    fans: Object.fromEntries(fans.fanTraySlots.map((slot) => [slot.label, { status: slot.status === "ok" }])),
    temperature: Object.fromEntries([...slots, ...temperatures.tempSensors].map(sensorOf)),
    power: Object.fromEntries(
      Object.entries(powerSupplies).map(([name, { state, capacity, outputPower }]) => [
        name,
        { status: state === "ok", capacity, output: outputPower },
      ]),
    ),
    cpu: { 0: { "%usage": Math.round((100 - idleOf(processes)) * 10) / 10 } },
    memory: memoryOf(processes),
  };
};

function sensorOf(one: z.infer<typeof sensor>) {
  const { currentTemperature, overheatThreshold, criticalThreshold } = one;
  return [
    one.name,
    {
      temperature: currentTemperature,
      is_alert: currentTemperature > overheatThreshold,
      is_critical: currentTemperature > criticalThreshold,
    },
  ] as const;
}

/** The percentage in `... 0.0%ni, 92.2%id, ...` or `... 0.0 ni, 94.6 id, ...`. */
function idleOf(processes: string): number {
  const idle = /ni,\s*([\d.]+)\s*%?\s*id/.exec(processes)?.[1];
  if (idle === undefined)
    throw new InvalidValue("a table of processes with the idle time", processes.slice(0, 200));
  return Number(idle);
}

/** KiB of memory, from the line `Mem:` in KiB or MiB; used and free stand in either order. */
function memoryOf(processes: string) {
  const line = /^(?:(?<unit>\S+)\s+)?Mem\s*:(?<values>.*)$/m.exec(processes)?.groups;
  const value = (name: string) => new RegExp(`([\\d.]+)[k\\s]+${name}\\b`).exec(line?.values ?? "")?.[1];
  const [total, used] = [value("total"), value("used")];
  if (total === undefined || used === undefined)
    throw new InvalidValue("a table of processes with the memory", processes.slice(0, 200));
  const scale = line?.unit === "MiB" ? 1024 : 1;
  return { available_ram: Math.trunc(Number(total) * scale), used_ram: Math.trunc(Number(used) * scale) };
}

const cooling = z.object({
  fanTraySlots: z.array(z.object({ label: z.string(), status: z.string() })),
});
const sensor = z.object({
  name: z.string(),
  currentTemperature: z.number().default(0),
  overheatThreshold: z.number(),
  criticalThreshold: z.number(),
});
const slots = z.array(z.object({ tempSensors: z.array(sensor) }));
const temperature = z.object({
  cardSlots: slots,
  powerSupplySlots: slots,
  tempSensors: z.array(sensor),
});
const power = z.object({
  powerSupplies: z.record(
    z.string(),
    z.object({
      state: z.string().default("ok"),
      capacity: z.number().default(-1),
      outputPower: z.number().default(-1),
    }),
  ),
});
