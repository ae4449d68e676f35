import { type AddressInfo, createServer, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { MemoryTransport } from "../../../src/device/memory-transport.ts";
import { CodeLedger } from "../../../src/device/one-time-password/code-ledger.ts";
import type { Credential, DeviceTarget, OperationContext } from "../../../src/plugin/index.ts";
import { Cli } from "./cli.ts";
import { BUILT_IN, PlatformLibrary } from "./platforms.ts";
import { context, newDriver } from "./test-session.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

/** Answers of a login: what the device says after each line that it gets. The first is said at once. */
type Script = readonly string[];

/** A device over Telnet that repeats what is typed and goes through a script; then it is a prompt that takes anything. */
async function device(script: Script): Promise<{ port: number; received: readonly string[] }> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let typed = "";
    let at = 0;
    socket.on("error", () => {});
    socket.write(script[at] ?? "");
    socket.on("data", (chunk: Buffer) => {
      typed += chunk.toString("utf8").replaceAll("\n", "");
      for (let end = typed.indexOf("\r"); end >= 0; end = typed.indexOf("\r")) {
        const line = typed.slice(0, end);
        typed = typed.slice(end + 1);
        received.push(line);
        at++;
        socket.write(`${line}\r\n${script[at] ?? "r1#"}`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
  return { port: (server.address() as AddressInfo).port, received };
}

function target(
  port: number,
  args: Record<string, unknown> = {},
  data: Record<string, string> = {},
): DeviceTarget {
  const credential: Credential = { username: "admin", password: "pass-word", data };
  return {
    name: "r1",
    host: "127.0.0.1",
    port,
    credential,
    hostKeys: { policy: "Insecure" },
    args: { device_type: "cisco_ios_telnet", ...args },
  };
}

const asked = ["Username: ", "Password: "];

test("a code after the password, each once", async () => {
  const r1 = await device([...asked, "Enter PASSCODE: "]);
  const driver = newDriver();
  const session = await driver.connect(target(r1.port, {}, { otp: "100001" }), context());
  expect(r1.received.slice(0, 3)).toEqual(["admin", "pass-word", "100001"]);
  await driver.disconnect(session, context());
});

test("a code as a part of the password", async () => {
  const r1 = await device([...asked]);
  const args = { password_template: "{otp}:{password}" };
  const driver = newDriver();
  const session = await driver.connect(target(r1.port, args, { otp: "100002" }), context());
  expect(r1.received[1]).toBe("100002:pass-word");
  await driver.disconnect(session, context());
});

test("a template that wants a code, and a Secret that has none", async () => {
  const r1 = await device([...asked]);
  const attempt = newDriver().connect(target(r1.port, { password_template: "{password}{otp}" }), context());
  await expect(attempt).rejects.toMatchObject({ code: "OneTimeSecretInvalid" });
  expect(r1.received).toEqual(["admin"]);
});

test("a menu of Duo, and a banner that has to be accepted", async () => {
  const menu = "\r\n 1. Duo Push to XXX-1234\r\n 2. Phone call to XXX-1234\r\n\r\nPasscode or option (1-2): ";
  const r1 = await device(["Do you accept the terms (yes/no)? ", ...asked, menu]);
  const args = { duo: "phone", login_dialogue: [{ expect: "accept the terms", send: "yes" }] };
  const driver = newDriver();
  const session = await driver.connect(target(r1.port, args), context());
  expect(r1.received.slice(0, 4)).toEqual(["yes", "admin", "pass-word", "2"]);
  await driver.disconnect(session, context());
});

test.each([
  ["Your password has expired.\r\nEnter new password: ", "PasswordExpired"],
  ["WARNING: Your password has expired.\r\nCurrent password: ", "PasswordExpired"],
  ["The password has been reset. You must change your password now.\r\nPassword: ", "PasswordExpired"],
  ["You are required to change your password.\r\nContinue? [y/n]: ", "PasswordExpired"],
  ["Press any key to continue", "LoginQuestion"],
  ["Do you accept (yes/no)? ", "LoginQuestion"],
  ["Enter your choice: ", "LoginQuestion"],
  ["Verification code: ", "LoginQuestion"],
])("what is asked after the password is never answered by guess: %j", async (question, code) => {
  const r1 = await device([...asked, question]);
  const attempt = newDriver().connect(target(r1.port), context());
  await expect(attempt).rejects.toMatchObject({ code });
  expect(r1.received).toEqual(["admin", "pass-word"]);
});

test.each([
  ["Your password will expire in 5 days.\r\nr1#"],
  ["Last failed login: never\r\nr1#"],
  ["Token ring interfaces: none\r\nr1#"],
])("what is merely said is no question: %j", async (greeting) => {
  const r1 = await device([...asked, greeting]);
  const driver = newDriver();
  await driver.disconnect(await driver.connect(target(r1.port), context()), context());
});

test("an expired password is not tried again for a while", async () => {
  const r1 = await device([...asked, "Enter new password: "]);
  const driver = newDriver();
  const again = () => driver.connect(target(r1.port), context());
  await expect(again()).rejects.toMatchObject({ code: "PasswordExpired" });
  await expect(again()).rejects.toMatchObject({ code: "LoginPaused" });
});

test("codes are in no log and in no message, also where the device repeats them", async () => {
  const r1 = await device([...asked, "OTP: ", "you typed 100003, is that right? "]);
  const seen: string[] = [];
  const write = (fields: object, message?: string) => seen.push(JSON.stringify([fields, message]));
  const log = { debug: write, info: write, warn: write, error: write } as OperationContext["log"];
  const args = { session_log: true, session_log_record_writes: true };
  const attempt = newDriver().connect(target(r1.port, args, { otp: "100003" }), context({ log }));
  const error: Error = await attempt.then(
    () => new Error("it logged in"),
    (failure: Error) => failure,
  );
  expect(error).toMatchObject({ code: "LoginQuestion" });
  expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toMatch(/100003|pass-word/);
  expect(seen.join("\n")).toContain("********");
  expect(seen.join("\n")).not.toMatch(/100003|pass-word/);
});

test("an agent's socket has to lie in a folder that the worker allows", async () => {
  const r1 = await device([]);
  const over = (folder: string) =>
    newDriver({ agentFolders: [folder] }).connect(
      target(r1.port, { device_type: "cisco_ios", ssh_agent: "/run/agents/../secrets/agent.sock" }),
      context(),
    );
  await expect(over("/run/agents")).rejects.toMatchObject({ code: "AgentNotAllowed" });
});

test("a prompt of several lines that ends with an empty one ends the login", async () => {
  const transport = new MemoryTransport();
  const platform = new PlatformLibrary([BUILT_IN]).find("cisco_tp");
  if (!platform) throw new Error("there is such a platform");
  const options = { device: "r1", encoding: "utf-8", stripAnsi: true, tailLines: platform.promptLines };
  const cli = new Cli(new ExpectChannel(transport, options), {
    device: "r1",
    platform,
    credential: { data: {} },
    readTimeoutMs: 2000,
  });
  transport.say("Welcome to the codec\r\nOK\r\n");
  await cli.open();
  expect(cli.mode).toBe("exec");
});

test("a login is the same however the device's words are cut", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const greeting = "Note: an OTP: it is wanted. Forgot your password: call us.\r\n\r\nUsername: ";
    const says = ["\r\nPassword: ", "\r\nSecond factor follows.\r\nEnter PASSCODE: ", "\r\nWelcome!\r\nr1>"];
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    const platform = new PlatformLibrary([BUILT_IN]).find("cisco_ios");
    if (!platform) throw new Error("there is such a platform");
    let number = 200_000;
    await fc.assert(
      fc.asyncProperty(sizes, async (parts) => {
        const otp = String(number++);
        const left = [...says];
        const transport = new MemoryTransport((_text, me) => say(left.shift() ?? "", me));
        const say = (text: string, me: MemoryTransport) => {
          let at = 0;
          for (let n = 0; at < text.length; n++) {
            const piece = text.slice(at, at + (parts[n % parts.length] ?? 1));
            setTimeout(() => me.say(piece), n);
            at += piece.length;
          }
        };
        const credential = { username: "admin", password: "pass-word", data: { otp } };
        const codes = await new CodeLedger().turn({ device: "r1", credentials: [credential] });
        const options = { device: "r1", encoding: "utf-8", stripAnsi: true, tailLines: 1 };
        const cli = new Cli(new ExpectChannel(transport, options), {
          device: "r1",
          platform: { ...platform, onOpen: [] },
          credential,
          readTimeoutMs: 5000,
          login: { usernameAt: /Username: *$/, passwordAt: /assword: *$/, refused: /invalid/, wake: false },
          loginWith: { codes },
        });
        say(greeting, transport);
        let over = false;
        const opened = cli.open().finally(() => {
          over = true;
        });
        opened.catch(() => {});
        while (!over) await vi.advanceTimersByTimeAsync(20);
        await opened;
        expect(transport.written).toEqual(["admin\n", "pass-word\n", `${otp}\n`]);
        expect(cli.mode).toBe("exec");
      }),
      { numRuns: 40 },
    );
  } finally {
    vi.useRealTimers();
  }
});
