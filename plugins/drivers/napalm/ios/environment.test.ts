import { expect, test } from "vitest";
import { getEnvironment } from "./environment.ts";
import { get } from "./test-replies.ts";

const CPU = "CPU utilization for five seconds: 5%/0%; one minute: 6%; five minutes: 7%\n PID Runtime(ms)\n";
const POOLS = `                Head    Total(b)     Used(b)     Free(b)   Lowest(b)  Largest(b)
Processor  7FBB8B5E3010   1000   200   800   700   600
 lsmpi_io  7FBB8ABB81A8    300   100   200   200   200
Driver te    18C0000      9000  9000     0     0     0
`;
const HEAT = `Inlet Temperature Value: 47 Degree Celsius
Temperature State: YELLOW
Yellow Threshold : 46 Degree Celsius
Red Threshold    : 60 Degree Celsius
Hotspot Temperature Value: 130 Degree Celsius
Yellow Threshold : 105 Degree Celsius
Red Threshold    : 125 Degree Celsius
`;

test("memory is that of processor and packets, and a sensor is alarmed beyond its own thresholds", async () => {
  const replies = {
    "show proc cpu": CPU,
    "show memory statistics": POOLS,
    "show env temperature status": HEAT,
  };
  expect(await get(getEnvironment, replies)).toEqual({
    cpu: { 0: { "%usage": 6 } },
    memory: { used_ram: 300, available_ram: 1300 },
    temperature: {
      inlet: { is_alert: true, is_critical: false, temperature: 47 },
      hotspot: { is_alert: true, is_critical: true, temperature: 130 },
    },
    power: { invalid: { status: true, output: -1, capacity: -1 } },
    fans: { invalid: { status: true } },
  });
});

test.each([undefined, "Temperature Status: Not Supported\n"])(
  "a device that answers %j has a temperature that is not known, and IOS XE the memory of its system",
  async (heat) => {
    const replies = {
      "show proc cpu": CPU,
      "show memory": "System memory   : 3931592K total, 1506752K used, 2424840K free\n",
      ...(heat !== undefined && { "show env temperature status": heat }),
    };
    expect(await get(getEnvironment, replies)).toMatchObject({
      memory: { used_ram: 1506752, available_ram: 3931592 },
      temperature: { invalid: { is_alert: false, is_critical: false, temperature: -1 } },
    });
  },
);

test("memory that cannot be read is an error and not zero", async () => {
  const replies = { "show proc cpu": CPU, "show memory statistics": "out of order\n" };
  await expect(get(getEnvironment, replies)).rejects.toThrow("memory statistics");
});
