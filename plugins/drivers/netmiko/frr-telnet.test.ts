import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { accepts, freePort } from "../../../src/device/test-ports.ts";
import type { DeviceTarget } from "../../../src/plugin/index.ts";
import { context, merge, newDriver } from "./test-session.ts";

const RIPD = "/usr/lib/frr/ripd";
const missing = !existsSync(RIPD) || userInfo().uid !== 0;

/** A routing daemon's own Telnet command line: real option negotiation, login, enable and configuration. */
describe.skipIf(missing)(
  "FRR's command line over Telnet (skipped where FRR is not installed, or without root)",
  () => {
    const folder = missing ? "" : mkdtempSync(join(tmpdir(), "netpulse-frr-"));
    let daemon: ChildProcess;
    let port = 0;

    beforeAll(async () => {
      port = await freePort();
      const config = join(folder, "ripd.conf");
      writeFileSync(config, "hostname router1\npassword letmein\nenable password more\n");
      for (const path of [folder, config]) chmodSync(path, 0o777);
      const args = [
        "-f",
        config,
        "-i",
        join(folder, "pid"),
        "-A",
        "127.0.0.1",
        "-P",
        String(port),
        "--vty_socket",
        folder,
      ];
      daemon = spawn(RIPD, [...args, "-u", "frr", "-g", "frr"], { stdio: "ignore" });
      await vi.waitUntil(() => accepts(port), { timeout: 10_000, interval: 20 });
    });

    afterAll(() => {
      daemon?.kill();
      if (folder !== "") rmSync(folder, { recursive: true, force: true });
    });

    function target(more: Partial<DeviceTarget> = {}, password = "letmein"): DeviceTarget {
      return {
        name: "router1",
        host: "127.0.0.1",
        port,
        credential: { username: "nobody", password, secret: "more", data: {} },
        hostKeys: { policy: "Insecure" },
        args: { device_type: "cisco_ios_telnet" },
        ...more,
      };
    }

    test("commands, enable and a change that is read back", async () => {
      const driver = newDriver();
      const session = await driver.connect(target(), context());
      const version = await driver.executeCommand(session, { command: "show version" }, context());
      expect(version.output).toMatch(/^FRRouting \d/);

      const change = merge([
        "router rip",
        "timers basic 10 30 60",
        "exit",
        "hostname router2",
        "bogus line",
        "password x",
      ]);
      const result = await driver.configure(session, change, context());
      expect(result.lines.map((line) => line.state)).toEqual([
        "accepted",
        "accepted",
        "accepted",
        "accepted",
        "rejected",
        "skipped",
      ]);
      expect(result.error).toMatchObject({ code: "ConfigRejected" });

      const running = await driver.executeCommand(session, { command: "show running-config" }, context());
      expect(running.output).toContain("timers basic 10 30 60");
      expect(running.output).toContain("hostname router2");
      await driver.disconnect(session, context());
      await session.closed;
    });

    test("a wrong password is tried once", async () => {
      await expect(newDriver().connect(target({}, "wrong"), context())).rejects.toMatchObject({
        code: "AuthFailed",
      });
    });

    test("Telnet is refused where the pool wants known host keys", async () => {
      const hostKeys = { policy: "Strict" as const, fingerprints: [] };
      await expect(newDriver().connect(target({ hostKeys }), context())).rejects.toMatchObject({
        code: "TelnetNotAllowed",
      });
    });
  },
);
