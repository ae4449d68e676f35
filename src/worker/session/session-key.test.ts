import { expect, test } from "vitest";
import type { DeviceTarget } from "../../plugin/index.ts";
import { sessionKey } from "./session-key.ts";

const target: DeviceTarget = {
  name: "r1",
  host: "r1.example.net",
  credential: { username: "admin", data: {} },
  hostKeys: { policy: "Strict", fingerprints: ["SHA256:a"] },
  args: { device_type: "cisco_ios", fast: true },
};
const key = sessionKey(target, "netmiko", "v1");

test("the device's name in the pool, the case of its host and the order of arguments do not matter", () => {
  const same = {
    ...target,
    name: "core",
    host: "R1.example.net",
    args: { fast: true, device_type: "cisco_ios" },
  };
  expect(sessionKey(same, "netmiko", "v1")).toBe(key);
});

test.each<[string, DeviceTarget, string, string]>([
  ["host", { ...target, host: "r2" }, "netmiko", "v1"],
  ["port", { ...target, port: 2222 }, "netmiko", "v1"],
  ["argument", { ...target, args: { device_type: "linux", fast: true } }, "netmiko", "v1"],
  ["host key", { ...target, hostKeys: { policy: "Insecure" } }, "netmiko", "v1"],
  ["driver", target, "napalm", "v1"],
  ["version of the credential", target, "netmiko", "v2"],
  ["way through jump hosts", { ...target, jumpHosts: [{ ...target, host: "jump" }] }, "netmiko", "v1"],
  ["console server", { ...target, consoleServer: { ...target, host: "cs1" } }, "netmiko", "v1"],
])("another %s is another session", (_, other, driver, version) => {
  expect(sessionKey(other, driver, version)).not.toBe(key);
});
