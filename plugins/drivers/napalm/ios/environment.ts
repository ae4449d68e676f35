import { InvalidValue } from "../values/invalid-value.ts";
import {
  type Asking,
  columns,
  decimal,
  type IosGetter,
  integer,
  output,
  outputOrRefusal,
} from "./request.ts";

/** Load of one minute, memory and temperatures; IOS tells fans and power supplies in a way of each model, so there are none. */
export const getEnvironment: IosGetter = function* () {
  const load = yield* output("show proc cpu");
  const minute = /^.*CPU utilization.*one minute: (\d+)%; five/m.exec(load)?.[1];
  const memory = yield* memoryOf();
  const temperatures = yield* outputOrRefusal("show env temperature status");
  return {
    cpu: { 0: { "%usage": minute === undefined ? 0 : Number(minute) } },
    memory,
    temperature: temperatures?.includes("Not Supported") ? UNKNOWN_TEMPERATURE : temperaturesOf(temperatures),
    power: { invalid: { status: true, output: -1, capacity: -1 } },
    fans: { invalid: { status: true } },
  };
};

function* memoryOf(): Asking<{ used_ram: number; available_ram: number }> {
  const pools = yield* outputOrRefusal("show memory statistics");
  return pools === undefined ? systemMemory(yield* output("show memory")) : poolMemory(pools);
}

/** Pools of the processor and of packets (`I/O`, `lsmpi_io`), in bytes; others are parts of these. */
function poolMemory(text: string) {
  const pools = text.split("\n").map(columns);
  const processor = pools.findLast(([name]) => name === "Processor");
  const packets = pools.findLast(([name = ""]) => /I\/O|io/.test(name));
  if (processor === undefined) throw new InvalidValue("memory statistics", text.slice(0, 80));
  const sum = { used_ram: 0, available_ram: 0 };
  for (const [, , total, used] of packets ? [processor, packets] : [processor]) {
    sum.available_ram += integer(total, "a size of memory");
    sum.used_ram += integer(used, "a size of memory");
  }
  return sum;
}

/** The memory of the Linux below IOS XE, in KiB. */
function systemMemory(text: string) {
  const [, total, used] = /^System memory\s*:\s*(\d+)K total,\s*(\d+)K used/m.exec(text) ?? [];
  return { used_ram: integer(used, "a size of memory"), available_ram: integer(total, "a size of memory") };
}

const UNKNOWN_TEMPERATURE = { invalid: { is_alert: false, is_critical: false, temperature: -1 } };

/** Sensors, each followed by the thresholds of its alerts. */
function temperaturesOf(text: string | undefined) {
  if (text === undefined) return UNKNOWN_TEMPERATURE;
  const sensors = new Map<string, { is_alert: boolean; is_critical: boolean; temperature: number }>();
  let last: { is_alert: boolean; is_critical: boolean; temperature: number } | undefined;
  for (const line of text.split("\n")) {
    const [, name, value] = /^(.*) Temperature Value\s*:\s*(\S+)/.exec(line) ?? [];
    const [, colour, threshold] = /(Yellow|Red) Threshold\s*:\s*(\S+)/.exec(line) ?? [];
    if (name !== undefined) {
      last = { is_alert: false, is_critical: false, temperature: decimal(value, "a temperature") };
      sensors.set(name.toLowerCase(), last);
    } else if (last && colour === "Yellow") last.is_alert = last.temperature > decimal(threshold);
    else if (last && colour === "Red") last.is_critical = last.temperature > decimal(threshold);
  }
  return Object.fromEntries(sensors);
}
