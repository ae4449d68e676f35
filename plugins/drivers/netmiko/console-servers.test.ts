import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type SimulatedLine, simulatedLine } from "../../../src/device/console-server/test-simulated-line.ts";
import type { DeviceTarget } from "../../../src/plugin/index.ts";
import { context, newDriver } from "./test-session.ts";

const PYTHON = "/usr/bin/python3";
const SER2NET = "/usr/sbin/ser2net";
const CONSERVER = "/usr/sbin/conserver";
const CONSOLE = "/usr/bin/console";
const SSHD = "/usr/sbin/sshd";
const noSer2net = ![PYTHON, SER2NET].every((program) => existsSync(program));
const noConserver =
  ![PYTHON, CONSERVER, CONSOLE, SSHD].every((program) => existsSync(program)) || userInfo().uid !== 0;

/** Puts what speaks on a TCP port behind a pseudo-terminal, as a device sits on a serial port, and prints the terminal's name. */
const SERIAL_PORT = `
import os, pty, select, socket, sys, tty
m, s = pty.openpty()
tty.setraw(s)
c = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print(os.ttyname(s), flush=True)
while True:
    for fd in select.select([m, c], [], [])[0]:
        data = os.read(m, 4096) if fd == m else c.recv(4096)
        if not data: sys.exit()
        c.sendall(data) if fd == m else os.write(m, data)
`;

import { accepts, freePort } from "../../../src/device/test-ports.ts";

const folder = mkdtempSync(join(tmpdir(), "netpulse-console-"));
const file = (name: string) => join(folder, name);
const children: ChildProcess[] = [];
const lines: SimulatedLine[] = [];

afterAll(async () => {
  for (const child of children) child.kill();
  for (const line of lines) await line.close();
  rmSync(folder, { recursive: true, force: true });
});

function target(more: Partial<DeviceTarget>): DeviceTarget {
  return {
    name: "r1",
    host: "r1.example",
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Insecure" },
    args: {},
    ...more,
  };
}

async function line(): Promise<SimulatedLine> {
  const started = await simulatedLine();
  lines.push(started);
  return started;
}

describe.skipIf(noSer2net)(
  "a device on a serial port of a real ser2net (skipped where ser2net or python3 is not installed)",
  () => {
    let r1: SimulatedLine;
    let port: number;

    beforeAll(async () => {
      r1 = await line();
      port = await freePort();
      const terminal = await serialPort(r1.port);
      writeFileSync(
        file("ser2net.yaml"),
        `%YAML 1.1\n---\nconnection: &r1\n  accepter: telnet,tcp,127.0.0.1,${port}\n  connector: serialdev,${terminal},9600n81,local\n` +
          `  options:\n    banner: "ser2net port ${port} device r1\\r\\n"\n`,
      );
      start(SER2NET, ["-n", "-d", "-c", file("ser2net.yaml"), "-P", file("ser2net.pid")]);
      await vi.waitUntil(() => accepts(port), { timeout: 10_000, interval: 50 });
    });

    const way = () =>
      target({
        args: { device_type: "cisco_ios", console: { transport: "telnet", kind: "ser2net" } },
        consoleServer: {
          name: "ser2net",
          host: "127.0.0.1",
          port,
          credential: { data: {} },
          hostKeys: { policy: "Insecure" },
        },
      });

    test("login, a command, log-out; while it is held, others are told that it is", async () => {
      const driver = newDriver();
      const session = await driver.connect(way(), context());
      const shown = await driver.executeCommand(session, { command: "show clock" }, context());
      expect(shown.output).toContain("UTC");

      await expect(newDriver().connect(way(), context())).rejects.toMatchObject({
        code: "ConsoleBusy",
        message: expect.stringContaining("already in use"),
      });
      // The one who was told so has not disturbed the one who works.
      await driver.executeCommand(session, { command: "show clock" }, context());
      await driver.disconnect(session, context());
      expect(r1.state).toBe("out");
      expect(r1.secrets).toEqual(["admin", "admin"]);
    });

    test("after a connection that broke, the next one finds the line open and closes it", async () => {
      const driver = newDriver();
      const session = await driver.connect(way(), context());
      session.cli.channel.close();
      await session.closed;
      expect(r1.state).toBe("exec");
      const notices: string[] = [];
      const again = await vi.waitFor(
        () => driver.connect(way(), context({ notify: (reason) => notices.push(reason) })),
        { timeout: 5000, interval: 100 },
      );
      expect(notices).toEqual(["ConsoleFoundOpen"]);
      await driver.disconnect(again, context());
      expect(r1.state).toBe("out");
    });
  },
);

describe.skipIf(noConserver)(
  "a console of a real conserver behind a real sshd (skipped where conserver, sshd or python3 is not installed, or without root)",
  () => {
    const { username } = userInfo();
    let r1: SimulatedLine;
    let port: number;
    let masterPort: number;

    beforeAll(async () => {
      r1 = await line();
      masterPort = await freePort();
      const basePort = await freePort();
      const terminal = await serialPort(r1.port);
      writeFileSync(
        file("conserver.cf"),
        `config * { defaultaccess allowed; }\ndefault * { master 127.0.0.1; rw *; logfile ""; }\n` +
          `console r1 { type device; device ${terminal}; baud 9600; parity none; }\naccess * { trusted 127.0.0.1; }\n`,
      );
      writeFileSync(file("conserver.passwd"), "");
      start(CONSERVER, [
        ...["-C", file("conserver.cf"), "-P", file("conserver.passwd"), "-M", "127.0.0.1"],
        ...["-p", String(masterPort), "-b", String(basePort), "-U", file("conserver.log")],
      ]);
      await vi.waitUntil(() => accepts(masterPort), { timeout: 10_000, interval: 50 });

      port = await freePort();
      for (const key of ["host", "user"])
        execFileSync("/usr/bin/ssh-keygen", ["-q", "-N", "", "-t", "ed25519", "-f", file(key)]);
      mkdirSync("/run/sshd", { recursive: true });
      const settings = [
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${file("host")}`,
        `AuthorizedKeysFile ${file("user.pub")}`,
        `PidFile ${file("sshd.pid")}`,
        "StrictModes no",
        "UsePAM no",
        "PermitRootLogin prohibit-password",
      ];
      writeFileSync(file("sshd.conf"), `${settings.join("\n")}\n`);
      start(SSHD, ["-D", "-e", "-f", file("sshd.conf")]);
      await vi.waitUntil(() => existsSync(file("sshd.pid")), { timeout: 10_000, interval: 20 });
    }, 30_000);

    const way = (name = "r1", more: object = {}) =>
      target({
        args: {
          device_type: "cisco_ios",
          console: {
            kind: "conserver",
            command: `${CONSOLE} -M 127.0.0.1 -p ${masterPort} ${name}`,
            ...more,
          },
        },
        consoleServer: {
          name: "conserver",
          host: "127.0.0.1",
          port,
          credential: { username, privateKey: readFileSync(file("user"), "utf8"), data: {} },
          hostKeys: { policy: "Insecure" },
        },
      });

    test("login, a command, log-out, and the console is given back", async () => {
      const driver = newDriver();
      for (let times = 0; times < 2; times++) {
        const session = await driver.connect(way(), context());
        const shown = await driver.executeCommand(session, { command: "show clock" }, context());
        expect(shown.output).toContain("UTC");
        await driver.disconnect(session, context());
        expect(r1.state).toBe("out");
      }
    });

    test("a console that somebody writes on is left to them, unless it is to be taken over", async () => {
      const driver = newDriver();
      const first = await driver.connect(way(), context());
      await expect(newDriver().connect(way(), context())).rejects.toMatchObject({ code: "ConsoleBusy" });
      await driver.executeCommand(first, { command: "show clock" }, context());

      const second = await newDriver().connect(way("r1", { force: true }), context());
      await driver.executeCommand(second, { command: "show clock" }, context());
      await driver.disconnect(second, context());
      first.abort();
      expect(r1.state).toBe("out");
    });

    test("a console that does not exist is said to be so", async () => {
      await expect(newDriver().connect(way("r99"), context())).rejects.toMatchObject({
        code: "ConnectFailed",
        message: expect.stringContaining("r99"),
      });
    });
  },
);

async function serialPort(tcpPort: number): Promise<string> {
  const child = spawn(PYTHON, ["-c", SERIAL_PORT, String(tcpPort)], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return new Promise((resolve) => {
    child.stdout.once("data", (name: Buffer) => resolve(name.toString("utf8").trim()));
  });
}

function start(program: string, args: readonly string[]): void {
  children.push(spawn(program, args, { stdio: "ignore" }));
}
