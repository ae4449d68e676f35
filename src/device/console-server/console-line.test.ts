import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ExpectChannel } from "../expect.ts";
import { LoginAnswers } from "../login-answers.ts";
import { MemoryTransport } from "../memory-transport.ts";
import { CONSOLE_LINES, ConsoleLine, type ConsoleLineOptions } from "./console-line.ts";
import { consoleKind, consoleKinds } from "./kinds.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

type Play = (text: string, transport: MemoryTransport) => void;

function lineOn(play: Play, more: Partial<ConsoleLineOptions> = {}) {
  const transport = new MemoryTransport(play);
  const channel = new ExpectChannel(transport, {
    device: "r1",
    encoding: "utf-8",
    stripAnsi: true,
    tailLines: CONSOLE_LINES,
  });
  const options = {
    device: "r1",
    server: "cs1",
    kind: consoleKind("generic"),
    wake: "\r",
    force: false,
    ...more,
  };
  return { transport, channel, line: new ConsoleLine(channel, options) };
}

/** Lets all time pass that something takes; what it failed with, where it did. */
async function settled(work: Promise<void>): Promise<(Error & { code?: string }) | undefined> {
  let outcome: { readonly error?: Error } | undefined;
  void work.then(
    () => {
      outcome = {};
    },
    (error: Error) => {
      outcome = { error };
    },
  );
  while (outcome === undefined) await vi.advanceTimersByTimeAsync(50);
  return outcome.error;
}

test("a device that is silent is woken five times, and then said to be silent", async () => {
  const { transport, line } = lineOn(() => {});
  expect(await settled(line.reach())).toMatchObject({ code: "ConsoleSilent" });
  expect(transport.written).toEqual(["\r", "\r", "\r", "\r", "\r"]);
  await settled(line.leave("exit", true));
  // There is nothing to log out of.
  expect(transport.written).toHaveLength(5);
});

test("a device that asks for Return gets it, and stands at its login", async () => {
  const says = ["Press RETURN to get started.", "\r\nUsername: "];
  const { transport, channel, line } = lineOn((_text, me) => me.say(says.shift() ?? ""));
  expect(await settled(line.reach())).toBeUndefined();
  expect(channel.lastLine).toBe("Username: ");
  expect(transport.written).toEqual(["\r", "\r"]);
});

test.each([
  ["generic", "Port 7 is in use by bob\r\n"],
  ["generic", "This line is currently busy\r\n"],
  ["generic", "Error: device already open\r\n"],
  ["ser2net", "Port already in use\r\n"],
  ["conserver", "[Enter `^Ec?' for help]\r\n[read-only -- use `^Ecf' to attach, `^Ec?' for help]\r\n"],
  ["cisco", "% Connection refused by remote host\r\n"],
])(
  "%s says that somebody has the line: nothing is typed into it, also not at the end",
  async (kind, said) => {
    const { transport, line } = lineOn(() => {}, { kind: consoleKind(kind) });
    transport.say(said);
    const failure = await settled(line.reach());
    expect(failure).toMatchObject({ code: "ConsoleBusy", message: expect.stringContaining("cs1") });
    expect(transport.written).toEqual([]);
    await settled(line.leave("exit", true));
    expect(transport.written.join("")).toBe(consoleKind(kind).leave.join(""));
  },
);

test("a line is taken over only where that is asked for and the kind can", async () => {
  const kind = consoleKind("conserver");
  const { transport, line } = lineOn(
    (text, me) => me.say(text === kind.takeOver ? "[attached]\r\n" : text === "\r" ? "\r\nr1>" : ""),
    { kind, force: true },
  );
  transport.say("[read-only -- use `^Ecf' to attach]\r\n");
  expect(await settled(line.reach())).toBeUndefined();
  expect(transport.written).toEqual([kind.takeOver, "\r"]);

  const unable = lineOn(() => {}, { force: true });
  unable.transport.say("Port 7 is in use\r\n");
  expect(await settled(unable.line.reach())).toMatchObject({ code: "ConsoleBusy" });
});

test("words of the device itself are not taken for the server's", async () => {
  const { line } = lineOn((_text, me) => me.say("\r\n% Invalid input detected\r\nPermission denied\r\nr1>"));
  expect(await settled(line.reach())).toBeUndefined();
});

/** A server with a menu and a login: what it says to each line that it is sent. */
const DIALOGUE: readonly (readonly [string, string])[] = [
  ["operator", "operator\r\nPassword: "],
  ["own", "\r\n*** cs1, authorised use only ***\r\n\r\ncs1> "],
  ["connect 7", "connect 7\r\nConnected to port 7. Escape character is '^Z'.\r\n"],
  ["", "\r\n\r\nUser Access Verification\r\n\r\nUsername: "],
];

test("the way to a line is the same however the server's words are cut", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, async (parts) => {
      const say = (text: string, me: MemoryTransport) => {
        let at = 0;
        for (let n = 0; at < text.length; n++) {
          const size = parts[n % parts.length] ?? 1;
          const piece = text.slice(at, at + size);
          // Pieces arrive one after the other, none in the same turn.
          setTimeout(() => me.say(piece), n);
          at += size;
        }
      };
      const left = [...DIALOGUE];
      const play: Play = (text, me) => {
        const [wanted, answer] = left.shift() ?? ["nothing more", ""];
        expect(text).toBe(`${wanted}\r`);
        say(answer, me);
      };
      const credential = { username: "operator", password: "own", data: {} };
      const login = new LoginAnswers({ device: "cs1", credential, method: "login" });
      const { transport, channel, line } = lineOn(play, { login, command: "connect 7" });
      say("cs1 login: ", transport);
      expect(await settled(line.reach())).toBeUndefined();
      expect(channel.lastLine).toBe("Username: ");
      expect(left).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("logging out goes on until the login is back, and each kind gives its line back", async () => {
  for (const name of consoleKinds) {
    const kind = consoleKind(name);
    const says = ["\r\nr1>", "exit\r\nr1(config)#", "exit\r\nr1#", "exit\r\nr1 con0 is now available\r\n"];
    const { transport, line } = lineOn((_text, me) => me.say(says.shift() ?? ""), { kind });
    await settled(line.reach());
    await settled(line.leave("exit", false));
    expect(transport.written).toEqual(["\r", "exit\r", "exit\r", "exit\r", ...kind.leave]);
  }
});

test.each([
  "Proceed with reload? [confirm]",
  "Uncommitted changes found, commit them? [yes/no/CANCEL]",
  "Delete flash:? ",
])("a question that an interrupt does not end is left as it is: %s", async (question) => {
  const says = ["\r\nr1#", `^C\r\n${question}`];
  const { transport, line } = lineOn((_text, me) => me.say(says.shift() ?? ""));
  await settled(line.reach());
  await settled(line.leave("exit", true));
  expect(transport.written).toEqual(["\r", "\x03"]);
});

test("leaving ends with its signal: after that the device may be another worker's", async () => {
  const abort = new AbortController();
  const { transport, line } = lineOn((text, me) => {
    me.say(text === "\r" ? "\r\nr1(config)#" : "exit\r\nr1#");
    if (text !== "\r") abort.abort();
  });
  await settled(line.reach());
  await settled(line.leave("exit", false, abort.signal));
  expect(transport.written).toEqual(["\r", "exit\r"]);
});
