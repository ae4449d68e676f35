import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { context, merge, newDriver } from "../../plugins/drivers/netmiko/test-session.ts";
import type { DeviceTarget } from "../../src/plugin/index.ts";
import { FakenosDevices, whyNoFakenos } from "./fakenos.ts";

/** A command that the simulated device knows in its privileged mode, and a text of its answer. */
const SHOWS = {
  arista_eos: ["show version", "Software image version"],
  cisco_ios: ["show version", "Cisco IOS Software"],
  cisco_nxos: ["show version", "kickstart: version 7.1"],
  cisco_s300: ["show version", "SW version"],
  dell_force10: ["show version", "Dell Operating System"],
  huawei_vrp: ["display version", "Versatile Routing Platform"],
  juniper_junos: ["show version", "JUNOS"],
} as const;

const reason = await whyNoFakenos();
if (reason !== undefined) console.warn(`The tests with devices of fakenos are skipped: ${reason}`);

describe.skipIf(reason !== undefined)(
  "devices of fakenos (skipped where Python or the package is not to be had)",
  () => {
    let devices: FakenosDevices;

    beforeAll(async () => {
      devices = await FakenosDevices.start(Object.keys(SHOWS));
    });

    afterAll(() => devices[Symbol.asyncDispose]());

    function target(platform: string): DeviceTarget {
      return {
        name: platform,
        host: "127.0.0.1",
        port: devices.ports[platform] ?? 0,
        credential: { username: "user", password: "user", data: {} },
        hostKeys: { policy: "Insecure" },
        args: { device_type: platform },
      };
    }

    test.concurrent.each(Object.entries(SHOWS))(
      "%s: login and a show command",
      async (platform, [command, text]) => {
        const driver = newDriver();
        const session = await driver.connect(target(platform), context());
        const shown = await driver.executeCommand(session, { command, enableMode: true }, context());
        expect(shown.output).toContain(text);
        expect(shown.output).not.toContain(command);
        await driver.disconnect(session, context());
      },
    );

    test("a line that the device takes is a change without an error", async () => {
      const driver = newDriver();
      const session = await driver.connect(target("arista_eos"), context());
      const changed = await driver.configure(session, merge(["no logging console"]), context());
      expect(changed).toMatchObject({ lines: [{ state: "accepted", output: "" }] });
      expect(changed.error).toBeUndefined();
      await driver.disconnect(session, context());
    });

    test("a refused line ends the change, and configuration mode is left", async () => {
      const driver = newDriver();
      const session = await driver.connect(target("arista_eos"), context());
      const changed = await driver.configure(session, merge(["no such line", "hostname never"]), context());
      expect(changed.error).toMatchObject({ code: "ConfigRejected" });
      expect(changed.lines.map((line) => line.state)).toEqual(["rejected", "skipped"]);
      const after = await driver.executeCommand(session, { command: "show version" }, context());
      expect(after.output).toContain("Software image version");
      await driver.disconnect(session, context());
    });

    test("a device that cannot be configured gets no line", async () => {
      const driver = newDriver();
      const session = await driver.connect(target("cisco_nxos"), context());
      const changed = await driver.configure(session, merge(["hostname never"]), context());
      expect(changed.error?.message).toContain("config could not be entered");
      expect(changed.lines.map((line) => line.state)).toEqual(["skipped"]);
      await driver.disconnect(session, context());
    });
  },
);
