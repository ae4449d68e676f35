import { connect, createServer, type Server, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { MemoryTransport } from "../../../src/device/memory-transport.ts";
import { type SimulatedDevice, simulate } from "../../../src/simulator/index.ts";
import { Cli } from "./cli.ts";
import { PlatformLibrary } from "./platforms.ts";
import { context, merge, newDriver, targetOf } from "./test-session.ts";

const driver = newDriver();
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

/** How a proxy between driver and device passes on what the device sends. */
type Passing = (chunk: Buffer, client: Socket, count: number) => void;

async function behindProxy(
  device: SimulatedDevice,
  pass: Passing,
): Promise<{ device: SimulatedDevice; cut: () => void; halfClose: () => void }> {
  const clients = new Set<Socket>();
  let count = 0;
  const proxy: Server = createServer((client) => {
    clients.add(client);
    const server = connect({ host: device.host, port: device.port, noDelay: true });
    client.setNoDelay(true);
    client.pipe(server);
    server.on("data", (chunk) => {
      count += chunk.length;
      pass(chunk, client, count);
    });
    server.on("end", () => client.end());
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        server.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const client of clients) client.destroy();
      proxy.close();
    },
  });
  const { port } = proxy.address() as { port: number };
  return {
    device: {
      ...device,
      port,
      received: device.received,
      sessions: 0,
      mostSessions: 0,
      logins: 0,
      failedLogins: 0,
    },
    cut: () => {
      for (const client of clients) client.resetAndDestroy();
    },
    halfClose: () => {
      for (const client of clients) client.end();
    },
  };
}

async function ios(options: object = {}): Promise<SimulatedDevice> {
  const device = await simulate({ platform: "cisco_ios", startMode: "privileged", ...options });
  open.push(device);
  return device;
}

const byteWise: Passing = (chunk, client) => {
  for (const byte of chunk) client.write(Buffer.from([byte]));
};
const delayed: Passing = (chunk, client) => {
  setTimeout(() => client.writable && client.write(chunk), 15);
};

test.each([
  ["one byte at a time", byteWise],
  ["15 ms late", delayed],
])("%s: commands and changes give the same as ever", async (_how, pass) => {
  const direct = await ios();
  const { device } = await behindProxy(direct, pass);
  const session = await driver.connect(targetOf(device), context());
  const shown = await driver.executeCommand(session, { command: "show version" }, context());
  expect(shown.output).toMatch(/^Cisco IOS Software[\s\S]*Configuration register is 0xF$/);
  const result = await driver.configure(
    session,
    merge(["interface Loopback3", "description slow", "bogus"]),
    context(),
  );
  expect(result.lines.map((l) => l.state)).toEqual(["accepted", "accepted", "rejected"]);
  expect(direct.runningConfig()).toContain("description slow");
});

test("a connection that is reset within a change: the line that was under way is not said to be accepted", async () => {
  const direct = await ios({ hangsOn: ["hostname x"] });
  const { device, cut } = await behindProxy(direct, (chunk, client) => client.write(chunk));
  const session = await driver.connect(targetOf(device), context());
  const running = driver.configure(
    session,
    merge(["interface Loopback3", "hostname x", "shutdown"], { save: true }),
    context(),
  );
  await expect.poll(() => direct.received(), { interval: 1 }).toContain("hostname x");
  cut();
  const result = await running;
  expect(result).toMatchObject({ saved: false, error: { code: "SessionClosed" } });
  expect(result.lines.map((l) => l.state)).toEqual(["accepted", "skipped", "skipped"]);
  expect(await driver.resynchronise(session, context())).toBe(false);
});

test("a half-closed connection is noticed at once", async () => {
  const direct = await ios({ hangsOn: ["show hang"] });
  const { device, halfClose } = await behindProxy(direct, (chunk, client) => client.write(chunk));
  const session = await driver.connect(targetOf(device), context());
  const running = driver.executeCommand(session, { command: "show hang" }, context());
  await expect.poll(() => direct.received(), { interval: 1 }).toContain("show hang");
  halfClose();
  await expect(running).rejects.toMatchObject({ code: "SessionClosed" });
});

test("a connection that dies during the login", async () => {
  const direct = await ios();
  const { device } = await behindProxy(direct, (chunk, client, count) =>
    count > 200 ? client.resetAndDestroy() : client.write(chunk),
  );
  await expect(driver.connect(targetOf(device), context())).rejects.toMatchObject({ code: "ConnectFailed" });
});

/** A device that answers as written, its output cut into the given pieces. */
function scripted(answers: Readonly<Record<string, string>>, cuts: readonly number[]): MemoryTransport {
  let mode = "r1>";
  let at = 0;
  const transport = new MemoryTransport((text, device) => {
    const line = text.replace(/[\r\n]+$/, "");
    mode = { enable: "r1#", "configure terminal": "r1(config)#", end: "r1#" }[line] ?? mode;
    speak(device, `${line}\r\n${answers[line] ?? ""}${mode}`);
  });
  const speak = (device: MemoryTransport, text: string) => {
    const bytes = Buffer.from(text);
    let from = 0;
    const next = () => {
      const size = 1 + (cuts[at++ % Math.max(1, cuts.length)] ?? bytes.length);
      device.say(bytes.subarray(from, from + size));
      from += size;
      if (from < bytes.length) setImmediate(next);
    };
    next();
  };
  setImmediate(() => speak(transport, "\r\nWelcome to r1\r\n\r\nr1>"));
  return transport;
}

test("a whole dialogue gives the same result however its bytes were cut", async () => {
  const platform = new PlatformLibrary().find("cisco_ios");
  if (!platform) throw new Error("no platform cisco_ios");
  const answers = {
    "show it": "first line\r\n  second\r\n\r\nüber\r\n",
    "bad line": "      ^\r\n% Invalid input detected at '^' marker.\r\n",
  };
  const run = async (cuts: readonly number[]) => {
    const transport = scripted(answers, cuts);
    const channel = new ExpectChannel(transport, {
      device: "r1",
      encoding: "utf-8",
      stripAnsi: true,
      tailLines: 1,
    });
    const cli = new Cli(channel, { device: "r1", platform, credential: { data: {} }, readTimeoutMs: 2000 });
    await cli.open();
    const shown = await cli.input({ send: "show it" });
    await cli.enter("config");
    const refused = await cli.input({ send: "bad line" });
    await cli.enter("privileged");
    return { written: transport.written, shown: shown.output, refused: refused.output, mode: cli.mode };
  };
  const whole = await run([]);
  expect(whole.shown).toBe("first line\n  second\n\nüber");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 8 }), async (cuts) => {
      expect(await run(cuts)).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});
