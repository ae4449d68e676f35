import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import ssh2, { type ServerChannel } from "ssh2";
import { afterEach, expect, test } from "vitest";
import { type SimulatedLine, simulatedLine } from "../../../src/device/console-server/test-simulated-line.ts";
import { hotp, timeStep, totpSecret } from "../../../src/device/one-time-password/totp.ts";
import type { Credential, DeviceTarget, Endpoint, OperationContext } from "../../../src/plugin/index.ts";
import { newHostKey } from "../../../src/simulator/index.ts";
import { context, merge, newDriver } from "./test-session.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

async function line(options: Parameters<typeof simulatedLine>[0] = {}): Promise<SimulatedLine> {
  const started = await simulatedLine(options);
  open.push(started);
  return started;
}

const login: Credential = { username: "admin", password: "admin", secret: "more", data: {} };

/** A device behind a console server whose lines have a TCP port each. */
function target(port: number, more: Partial<DeviceTarget> & { console?: object } = {}): DeviceTarget {
  const { console: way = { transport: "telnet" }, args, ...rest } = more;
  return {
    name: "r1",
    host: "r1.example",
    credential: login,
    hostKeys: { policy: "Insecure" },
    args: { device_type: "cisco_ios", console: way, ...args },
    consoleServer: server(port),
    ...rest,
  };
}

function server(port: number, credential: Credential = { data: {} }): Endpoint {
  return { name: "cs1", host: "127.0.0.1", port, credential, hostKeys: { policy: "Insecure" } };
}

function listener(): { notices: string[]; told: OperationContext } {
  const notices: string[] = [];
  return { notices, told: context({ notify: (reason) => notices.push(reason) }) };
}

test("a line is woken, logged in to, used, and logged out of", async () => {
  const r1 = await line({ sleeps: 1, secret: "more" });
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), context());
  const shown = await driver.executeCommand(session, { command: "show clock" }, context());
  expect(shown.output).toContain("UTC");
  await driver.configure(session, merge(["interface GigabitEthernet0/1", "description x"]), context());
  expect(r1.state).toBe("privileged");
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
  expect(r1.secrets).toEqual(["admin", "admin"]);
  await session.closed;
});

test("a line that was left open in configuration mode is taken out of it, and told of", async () => {
  const r1 = await line({ left: ["enable", "configure terminal", "interface GigabitEthernet0/0"] });
  const { notices, told } = listener();
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), told);
  expect(r1.state).toBe("exec");
  expect(r1.received()).toEqual(["end", "disable", "terminal width 511", "terminal length 0"]);
  expect(notices).toEqual(["ConsoleFoundOpen"]);
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
});

test("what the device logs after a prompt is neither output nor hides the prompt", async () => {
  const log = "*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by admin on console";
  const r1 = await line({ logs: { end: log, "show clock": log } });
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), context());
  await driver.configure(session, merge(["interface GigabitEthernet0/1", "description x"]), context());
  const { output } = await driver.executeCommand(session, { command: "show clock" }, context());
  expect(output).toMatch(/UTC[^\n]*$/);
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
});

test("after a command that never ends, the device is interrupted and logged out of", async () => {
  const r1 = await line({ hangsOn: ["show tech"] });
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), context());
  const hung = driver.executeCommand(session, { command: "show tech", readTimeoutMs: 300 }, context());
  await expect(hung).rejects.toMatchObject({ code: "PromptNotFound" });
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
});

test("a question that stands at the end is left alone: Return would answer it", async () => {
  const r1 = await line({ questions: { reload: "Proceed with reload? [confirm]" } });
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), context());
  const asked = driver.executeCommand(session, { command: "reload" }, context());
  await expect(asked).rejects.toMatchObject({ code: "UnexpectedQuestion" });
  await driver.disconnect(session, context());
  expect(r1.received().at(-1)).toBe("reload");
});

test("a worker that may no longer touch devices closes the line without a word", async () => {
  const r1 = await line();
  const driver = newDriver();
  const session = await driver.connect(target(r1.port), context());
  const before = r1.received().length;
  const fenced = () => {
    throw new Error("fenced");
  };
  await driver.disconnect(session, context({ beforeWrite: fenced }));
  await session.closed;
  expect(r1.received()).toHaveLength(before);
  expect(r1.state).toBe("exec");
});

test("the platform is found out on a line too", async () => {
  const r1 = await line({ platform: "arista_eos" });
  const driver = newDriver();
  const session = await driver.connect(target(r1.port, { args: { device_type: "autodetect" } }), context());
  expect(session.cli.platform.name).toBe("arista_eos");
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
});

test("a Telnet console server with a login of its own, and one that refuses it", async () => {
  const r1 = await line();
  const port = await guarded(r1.port);
  const through = (password: string) =>
    target(0, {
      console: { transport: "telnet", login: true },
      consoleServer: server(port, { username: "operator", password, data: {} }),
    });
  const driver = newDriver();
  const session = await driver.connect(through("own"), context());
  expect(r1.secrets).toEqual(["admin", "admin"]);
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
  await expect(driver.connect(through("other"), context())).rejects.toMatchObject({
    code: "AuthFailed",
    message: expect.stringMatching(/cs1.*operator/),
  });
  expect(r1.secrets).toEqual(["admin", "admin"]);
});

test("a wrong password of the device ends at its login again, and is not tried twice", async () => {
  const r1 = await line();
  const wrong = { username: "admin", password: "wrong", data: {} };
  const driver = newDriver();
  await expect(driver.connect(target(r1.port, { credential: wrong }), context())).rejects.toMatchObject({
    code: "AuthFailed",
  });
  expect(r1.secrets).toEqual(["admin", "wrong"]);
  await expect(driver.connect(target(r1.port, { credential: wrong }), context())).rejects.toMatchObject({
    code: "LoginPaused",
  });
});

test("a cancel in the middle logs out before the line is given back", async () => {
  const r1 = await line({ hangsOn: ["terminal length 0"] });
  const abort = new AbortController();
  const connecting = newDriver().connect(target(r1.port), context({ signal: abort.signal }));
  const failed = expect(connecting).rejects.toMatchObject({ code: "OperationAborted" });
  await expect.poll(() => r1.received().at(-1)).toBe("terminal length 0");
  abort.abort();
  await failed;
  expect(r1.state).toBe("out");
});

test("codes, expired passwords and questions on a line", async () => {
  const secret = totpSecret("MZXW6YTBOI");
  if (typeof secret === "string") throw new Error(secret);
  const now = () => timeStep(secret, Date.now());
  const accepts = (code: string) => [now() - 1, now()].some((step) => hotp(secret, step) === code);
  const r1 = await line({ code: { question: "Enter PASSCODE: ", accepts } });
  const driver = newDriver();
  const credential = { ...login, data: { totp: "MZXW6YTBOI" } };
  const session = await driver.connect(target(r1.port, { credential }), context());
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");

  const expired = await line({ says: "\r\nYour password has expired.\r\nEnter new password: " });
  await expect(newDriver().connect(target(expired.port), context())).rejects.toMatchObject({
    code: "PasswordExpired",
  });
  expect(expired.secrets).toEqual(["admin", "admin"]);

  const asking = await line({ says: "\r\nAuthorised use only. Do you accept (yes/no)? " });
  await expect(newDriver().connect(target(asking.port), context())).rejects.toMatchObject({
    code: "LoginQuestion",
    message: expect.stringContaining("login_dialogue"),
  });
  expect(asking.secrets).toEqual(["admin", "admin"]);
});

test("Telnet to a console server has to be allowed for it", async () => {
  const r1 = await line();
  const strict = { ...server(r1.port), hostKeys: { policy: "Strict" as const, fingerprints: [] } };
  await expect(
    newDriver().connect(target(r1.port, { consoleServer: strict }), context()),
  ).rejects.toMatchObject({
    code: "TelnetNotAllowed",
    message: expect.stringContaining("cs1"),
  });
});

test("a menu over SSH: the server's own login, a command, a busy line, a line that is not there", async () => {
  const r1 = await line();
  const cs = await menu(r1.port);
  const operator = { username: "operator", password: "own", data: {} };
  const through = (command: string) =>
    target(0, { consoleServer: server(cs.port, operator), console: { command } });
  const driver = newDriver();
  const session = await driver.connect(through("connect 7"), context());
  expect((await driver.executeCommand(session, { command: "show clock" }, context())).output).toContain(
    "UTC",
  );
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");

  await expect(driver.connect(through("connect 8"), context())).rejects.toMatchObject({
    code: "ConsoleBusy",
    message: expect.stringContaining("in use by bob"),
  });
  await expect(driver.connect(through("connect 99"), context())).rejects.toMatchObject({
    code: "ConnectFailed",
    message: expect.stringContaining("no such port"),
  });
});

test("SSH to a line by the user's name, as another than the device's user", async () => {
  const r1 = await line();
  const cs = await menu(r1.port, "operator:port7");
  const operator = { username: "operator", password: "own", data: {} };
  const driver = newDriver();
  const way = { consoleServer: server(cs.port, operator), console: { username_suffix: ":port7" } };
  const session = await driver.connect(target(0, way), context());
  await driver.disconnect(session, context());
  expect(r1.secrets).toEqual(["admin", "admin"]);
});

test("Netmiko's terminal_server goes on as what redispatch names", async () => {
  const r1 = await line();
  const driver = newDriver();
  const args = { device_type: "terminal_server", redispatch: "cisco_ios" };
  const session = await driver.connect(target(r1.port, { args }), context());
  expect(session.cli.platform.name).toBe("cisco_ios");
  expect(r1.received()).toEqual(["terminal width 511", "terminal length 0"]);
  await driver.disconnect(session, context());
  expect(r1.state).toBe("out");
});

/** A console server whose TCP port of a line asks for a login first. */
async function guarded(linePort: number): Promise<number> {
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    let typed = "";
    let name: string | undefined;
    socket.on("error", () => {});
    socket.write("cs1 login: ");
    const read = (chunk: Buffer) => {
      typed += chunk.toString("utf8");
      if (!typed.endsWith("\r")) return;
      const word = typed.trim();
      typed = "";
      if (name === undefined) {
        name = word;
        socket.write(`${word}\r\nPassword: `);
      } else if (name === "operator" && word === "own") {
        socket.off("data", read);
        socket.write("\r\nConnected to port 7\r\n");
        const onward = connect(linePort, "127.0.0.1");
        onward.on("error", () => {});
        socket.pipe(onward).pipe(socket);
      } else {
        name = undefined;
        socket.write("\r\nLogin incorrect\r\ncs1 login: ");
      }
    };
    socket.on("data", read);
  });
  await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  });
  return (tcp.address() as AddressInfo).port;
}

/** A console server over SSH: a menu, or, for a user name that names a line, the line itself. */
async function menu(linePort: number, direct?: string): Promise<{ port: number }> {
  const onLine = (channel: ServerChannel) => {
    const socket = connect(linePort, "127.0.0.1");
    channel.on("data", (chunk: Buffer) => socket.write(chunk));
    socket.on("data", (chunk: Buffer) => channel.write(chunk));
    socket.on("error", () => {});
    channel.on("close", () => socket.destroy());
  };
  const sshServer = new ssh2.Server({ hostKeys: [newHostKey()] }, (client) => {
    let user = "";
    client.on("error", () => {});
    client.on("authentication", (attempt) => {
      user = attempt.username;
      const known = user === (direct ?? "operator");
      if (attempt.method === "password" && known && attempt.password === "own") attempt.accept();
      else attempt.reject(["password"]);
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("pty", (acceptPty) => acceptPty?.());
      session.on("shell", (acceptShell) => {
        const channel = acceptShell();
        channel.on("error", () => {});
        if (user === direct) onLine(channel);
        else serveMenu(channel, onLine);
      });
    });
  });
  await new Promise<void>((resolve) => sshServer.listen(0, "127.0.0.1", resolve));
  open.push({ close: () => new Promise<void>((resolve) => sshServer.close(() => resolve())) });
  return { port: (sshServer.address() as AddressInfo).port };
}

function serveMenu(channel: ServerChannel, onLine: (channel: ServerChannel) => void): void {
  let typed = "";
  const read = (chunk: Buffer) => {
    channel.write(chunk.toString("utf8").replaceAll("\r", "\r\n"));
    typed += chunk.toString("utf8");
    if (!typed.endsWith("\r")) return;
    const command = typed.trim();
    typed = "";
    if (command === "connect 7") {
      channel.off("data", read);
      channel.write("Escape character is '^Z'.\r\n");
      onLine(channel);
    } else if (command === "connect 8") channel.write("Port 8 is in use by bob\r\ncs1> ");
    else channel.write("Error: no such port\r\ncs1> ");
  };
  channel.on("data", read);
  channel.write("Welcome to cs1\r\ncs1> ");
}
