import { type NxosGetter, text } from "../nxos/request.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** Power supplies and fans are not read: NAPALM has one of each, named so that nobody takes it for a real one. */
export const getEnvironment: NxosGetter = function* () {
  const resources = yield* text("show system resources");
  const temperatures = yield* text("show environment temperature");
  return {
    cpu: cpuOf(resources),
    memory: memoryOf(resources),
    temperature: Object.fromEntries(temperatures.split("\n").flatMap(sensorOf)),
    power: { invalid: { status: true, output: -1, capacity: -1 } },
    fans: { invalid: { status: true } },
  };
};

/** What each processor does in the last minute; -1 where the release does not tell of each. */
function cpuOf(resources: string) {
  const used = [...resources.matchAll(CPU)].map(
    ([, number, idle]) => [number, { "%usage": Math.round((100 - Number(idle)) * 100) / 100 }] as const,
  );
  return Object.fromEntries([["0", { "%usage": -1 }], ...used]);
}

const CPU = /^\s+CPU(\d+) states {2}:.*kernel,\s+(\d+\.\d+)% idle/gm;

function memoryOf(resources: string) {
  const [, total, used] = MEMORY.exec(resources) ?? [];
  if (used === undefined) throw new InvalidValue("system resources with the memory", resources.slice(0, 200));
  return { available_ram: Number(total), used_ram: Number(used) };
}

const MEMORY = /Memory usage:\D*(\d+)[^,]*,\D*(\d+)/;

/** `1        Intake          70              42          28         Ok` */
function sensorOf(line: string): [string, object][] {
  if (!/^\d/.test(line)) return [];
  const [, module, sensor, major, minor, current] = SENSOR.exec(line) ?? [];
  if (current === undefined) throw new InvalidValue("a temperature of a sensor", line);
  const temperature = Number(current);
  return [
    [
      `${sensor}-${module}`,
      { temperature, is_alert: temperature >= Number(minor), is_critical: temperature >= Number(major) },
    ],
  ];
}

const SENSOR = /^(\d+)\s+(\S.*?)\s+(-?\d[\d.]*)\s+(-?\d[\d.]*)\s+(-?\d[\d.]*)\s+(\S+)\s*$/;
