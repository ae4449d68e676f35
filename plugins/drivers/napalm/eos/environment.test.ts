import { expect, test } from "vitest";
import { getEnvironment } from "./environment.ts";
import { modelled } from "./test-replies.ts";

const OLD = `top - 10:00:00 up 5 days
Tasks: 180 total
Cpu(s):  5.2%us,  1.4%sy,  0.0%ni, 92.2%id,  0.6%wa
Mem:   3844356k total,  3763184k used,    81172k free
`;
const NEW = `top - 10:00:00 up 5 days
Tasks: 180 total
%Cpu(s):  4.2 us,  0.9 sy,  0.0 ni,100.0 id,  0.0 wa
MiB Mem :   3889.2 total,    150.3 free,   1104.5 used
`;

const sensor = (name: string, more = {}) => ({ name, overheatThreshold: 60, criticalThreshold: 70, ...more });

function environment(top: string, modelName = "DCS-7050", power: object | undefined = { powerSupplies: {} }) {
  return modelled("get_environment", getEnvironment, {
    "show version": { modelName },
    "show system environment cooling": {
      fanTraySlots: [
        { label: "1", status: "ok" },
        { label: "2", status: "failed" },
      ],
    },
    "show system environment temperature": {
      cardSlots: [{ tempSensors: [sensor("Card1", { currentTemperature: 65 })] }],
      powerSupplySlots: [{ tempSensors: [sensor("Psu1", { currentTemperature: 75 })] }],
      tempSensors: [sensor("Board1")],
    },
    ...(power && { "show system environment power": power }),
    "show processes top once": top,
  });
}

test("fans, sensors of all parts and power supplies are told; what a supply does not tell is -1", async () => {
  const power = {
    powerSupplies: {
      1: { state: "ok", capacity: 460, outputPower: 120.5 },
      2: { state: "powerLoss" },
      3: {},
    },
  };
  expect(await environment(OLD, "DCS-7050", power)).toEqual({
    fans: { 1: { status: true }, 2: { status: false } },
    temperature: {
      Card1: { temperature: 65, is_alert: true, is_critical: false },
      Psu1: { temperature: 75, is_alert: true, is_critical: true },
      Board1: { temperature: 0, is_alert: false, is_critical: false },
    },
    power: {
      1: { status: true, capacity: 460, output: 120.5 },
      2: { status: false, capacity: -1, output: -1 },
      3: { status: true, capacity: -1, output: -1 },
    },
    cpu: { 0: { "%usage": 7.8 } },
    memory: { available_ram: 3844356, used_ram: 3763184 },
  });
});

test("memory in MiB is KiB here, and an idle time without a space is read", async () => {
  expect(await environment(NEW)).toMatchObject({
    cpu: { 0: { "%usage": 0 } },
    memory: { available_ram: 3982540, used_ram: 1131008 },
  });
});

test.each(["vEOS", "cEOSLab"])(
  "%s is not asked for power supplies, which it refuses to show",
  async (model) => {
    expect(await environment(NEW, model, undefined)).toMatchObject({ power: {} });
  },
);

test("a table of processes that cannot be read is an error, not a guess", async () => {
  await expect(environment("top - 10:00:00\n")).rejects.toThrow("is not a table of processes");
});
