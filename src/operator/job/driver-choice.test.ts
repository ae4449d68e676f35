import { expect, test } from "vitest";
import { job, pool } from "../testing/objects.ts";
import { driverOf } from "./driver-choice.ts";

type Choice = { name?: string; args?: Record<string, unknown> } | undefined;

function chosen(ofJob: Choice, ofDevice: Choice, ofPool: Choice) {
  const driver = (choice: Choice) => (choice ? { driver: choice } : {});
  return driverOf(job(["r1"], driver(ofJob)), pool(["r1"], driver(ofPool)), {
    name: "r1",
    host: "r1",
    ...driver(ofDevice),
  });
}

test.each<[string, Choice, Choice, Choice, object]>([
  ["nobody chooses", undefined, undefined, undefined, { name: "netmiko" }],
  ["the pool chooses", undefined, undefined, { name: "pyeapi" }, { name: "pyeapi" }],
  ["the device wins over the pool", undefined, { name: "napalm" }, { name: "pyeapi" }, { name: "napalm" }],
  [
    "the job wins over all",
    { name: "paramiko" },
    { name: "napalm" },
    { name: "pyeapi" },
    { name: "paramiko" },
  ],
  [
    "arguments are merged, the nearer winning",
    { args: { a: 1 } },
    { args: { a: 2, b: 2 } },
    { args: { b: 3, c: 3 } },
    { name: "netmiko", args: { a: 1, b: 2, c: 3 } },
  ],
  [
    "arguments that were written for another driver do not count",
    { name: "napalm", args: { a: 1 } },
    { args: { device_type: "cisco_ios" } },
    { name: "napalm", args: { timeout: 5 } },
    { name: "napalm", args: { a: 1, device_type: "cisco_ios", timeout: 5 } },
  ],
  [
    "the device's own driver takes nothing of the pool's",
    undefined,
    { name: "napalm", args: { optional: 1 } },
    { name: "netmiko", args: { device_type: "linux" } },
    { name: "napalm", args: { optional: 1 } },
  ],
])("%s", (_, ofJob, ofDevice, ofPool, expected) => {
  expect(chosen(ofJob, ofDevice, ofPool)).toEqual(expected);
});
