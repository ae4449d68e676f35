import { z } from "zod";
import { InvalidValue } from "../values/invalid-value.ts";
import { json, type NxosGetter, number, rowsOf, word } from "./request.ts";

export const getEnvironment: NxosGetter = function* () {
  const environment = yield* json("show environment", environmentReply);
  const cpu = yield* json("show processes cpu", cpuReply);
  const memory = yield* json("show processes memory shared", anyReply);
  const idle = cpu.idle_percent ?? cpuRows.parse(rowsOf(cpu, "cpu_util"))[0].idle_percent;
  return {
    power: powerOf(environment.powersup),
    fans: fansOf(environment),
    temperature: temperatureOf(environment),
    cpu: { 0: { "%usage": Math.round((100 - idle) * 100) / 100 } },
    memory: memoryOf(memory),
  };
};

const environmentReply = z.record(z.string(), z.unknown());
const anyReply = z.unknown();
const cpuRows = z.tuple([z.object({ idle_percent: number })]);
const cpuReply = z.object({ idle_percent: number.optional(), TABLE_cpu_util: z.unknown().optional() });

/** Power supplies by number; some platforms leave the numbers out. */
function powerOf(powersup: unknown) {
  const supplies = supplyRows.parse(rowsOf(powersup, "psinfo", { anySuffix: true }));
  return Object.fromEntries(
    supplies.map((one, index) => {
      const status = Object.entries(one).find(([key]) => key.startsWith("ps_status"))?.[1] ?? "ok";
      return [
        one.psnum ?? String(index + 1),
        {
          status: String(status).trim().toLowerCase() === "ok",
          output: watts(one.watts ?? one.actual_out ?? "-1"),
          capacity: one.tot_capa === undefined ? capacityOfModel(one.psmodel) : watts(one.tot_capa),
        },
      ];
    }),
  );
}

/** `"   98 W"` */
function watts(text: string | number): number {
  const value = Number.parseFloat(String(text));
  if (Number.isNaN(value)) throw new InvalidValue("a power in watts", String(text));
  return value;
}

/** An older release says what a supply gives only by its model: `N2200-PAC-400W`. */
function capacityOfModel(model: string): number {
  return watts(/([\d.]+)W?$/.exec(model.trim())?.[1] ?? "-1");
}

const power = z.union([z.string(), z.number()]).optional();
const supplyRows = z.array(
  z.looseObject({
    psnum: word.optional(),
    psmodel: z.string().default(""),
    watts: power,
    actual_out: power,
    tot_capa: power,
  }),
);

/** Fans of the chassis; those within power supplies are left out. */
function fansOf(environment: object) {
  const details = Object.entries(environment).find(([key]) => key.startsWith("fandetails"))?.[1];
  const fans = fanRows.parse(rowsOf(details, "faninfo"));
  return Object.fromEntries(
    fans
      .filter(({ fanname }) => !fanname.includes("PS"))
      .map(({ fanname, fanstatus }) => [fanname, { status: fanstatus === "Ok" }]),
  );
}

const fanRows = z.array(z.object({ fanname: z.string(), fanstatus: z.string().default("Ok") }));

/** Module and sensor are no name of their own where a module has two sensors of a kind: those of module 1 are numbered. */
function temperatureOf(environment: object) {
  let count = 0;
  return Object.fromEntries(
    sensorRows
      .parse(rowsOf(environment, "tempinfo"))
      .map(({ tempmod, sensor, curtemp, majthres, alarmstatus }) => {
        count = tempmod === "1" ? count + 1 : 1;
        return [
          `${tempmod}-${count} ${sensor}`,
          { temperature: curtemp, is_alert: alarmstatus !== "Ok", is_critical: curtemp > majthres },
        ];
      }),
  );
}

const sensorRows = z.array(
  z.object({
    tempmod: word,
    sensor: word,
    curtemp: number,
    majthres: number,
    alarmstatus: word.default("Ok"),
  }),
);

/** KiB of shared memory, as bytes of a thousand. */
function memoryOf(reply: unknown) {
  const [total] = totalRows.parse(rowsOf(reply, "process_tag"));
  return {
    available_ram: total["process-memory-share-total-shm-avail"] * 1000,
    used_ram: total["process-memory-share-total-shm-used"] * 1000,
  };
}

const totalRows = z.tuple([
  z.object({
    "process-memory-share-total-shm-avail": number,
    "process-memory-share-total-shm-used": number,
  }),
]);
