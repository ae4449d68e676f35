import fc from "fast-check";
import { expect, test } from "vitest";
import { ExpectChannel, type Verdict } from "./expect.ts";
import { MemoryTransport } from "./memory-transport.ts";

const options = { device: "r1", encoding: "utf-8", stripAnsi: true, tailLines: 1 };

/** Ends at the prompt `r1#`, answers a pager, fails at a question. */
function decide(tail: string): Verdict<string> {
  if (tail.trimEnd() === "r1#") return { finish: "prompt" };
  if (tail.includes("--More--")) return { write: " ", erase: true };
  if (tail.endsWith("[confirm]")) return { fail: () => new Error("question") };
  return undefined;
}

function exchange(channel: ExpectChannel, command: string, more: object = {}) {
  return channel.exchange({
    send: `${command}\n`,
    echo: command,
    decide,
    silenceMs: 2000,
    label: command,
    ...more,
  });
}

test("output is what stands between echo and prompt", async () => {
  const transport = new MemoryTransport((_text, device) => device.say("show clock\r\n12:00:00\r\nr1# "));
  const reply = await exchange(new ExpectChannel(transport, options), "show clock");
  expect(reply).toMatchObject({ value: "prompt", text: "12:00:00\n", tail: "r1# ", echoed: true });
});

test("a prompt before the echo is not the end", async () => {
  const transport = new MemoryTransport((_text, device) =>
    device.say("\r\n*Mar 1: %LINK-3-UPDOWN\r\nr1#show clock\r\n12:00:00\r\nr1#"),
  );
  const reply = await exchange(new ExpectChannel(transport, options), "show clock");
  expect(reply.text).toBe("12:00:00\n");
});

test("a prompt in the middle of the output is not the end", async () => {
  const transport = new MemoryTransport((_text, device) =>
    device.say("show log\r\nr1#\r\nnot the end\r\nr1#"),
  );
  const reply = await exchange(new ExpectChannel(transport, options), "show log");
  expect(reply.text).toBe("r1#\nnot the end\n");
});

test("a coloured prompt is a prompt, and the output keeps its colours where they are not removed", async () => {
  const transport = new MemoryTransport((_text, device) =>
    device.say("ls\r\n\x1b[34mdir\x1b[0m\r\n\x1b[?2004h\x1b[1mr1#\x1b[0m "),
  );
  const reply = await exchange(new ExpectChannel(transport, { ...options, stripAnsi: false }), "ls");
  expect(reply.text).toBe("\x1b[34mdir\x1b[0m\n");
});

test("an echo that was wrapped and redrawn is recognised", async () => {
  const transport = new MemoryTransport((_text, device) =>
    device.say("interface Gi\r\nga\b \bbitEthernet\r\r\nok\r\nr1#"),
  );
  const channel = new ExpectChannel(transport, options);
  const reply = await exchange(
    channel,
    "interface Gigabit Ethernet".replace("Gigabit", "Giga bit").replaceAll(" ", " "),
  );
  expect(reply.text).toBe("ok\n");
});

test("a device that does not echo is understood after a short silence", async () => {
  const transport = new MemoryTransport((_text, device) => device.say("12:00:00\r\nr1#"));
  const reply = await exchange(new ExpectChannel(transport, options), "show clock");
  expect(reply).toMatchObject({ text: "12:00:00\n", tail: "r1#", echoed: false });
});

test("pagers are answered and wiped from the output", async () => {
  const transport = new MemoryTransport((text, device) => {
    if (text === " ") device.say(`${"\b".repeat(10)}${" ".repeat(10)}${"\b".repeat(10)}two\r\nr1#`);
    else device.say("show run\r\none\r\n --More-- ");
  });
  const reply = await exchange(new ExpectChannel(transport, options), "show run");
  expect(reply.text).toBe("one\ntwo\n");
});

test("the end of the session is noticed at once and says what came last", async () => {
  const transport = new MemoryTransport((_text, device) => {
    device.say("show run\r\nhalf of it");
    device.close();
  });
  await expect(exchange(new ExpectChannel(transport, options), "show run")).rejects.toMatchObject({
    code: "SessionClosed",
    message: expect.stringContaining("half of it"),
  });
});

test("silence ends an exchange, and the channel is out of step", async () => {
  const channel = new ExpectChannel(new MemoryTransport((_t, device) => device.say("hang\r\n")), options);
  await expect(exchange(channel, "hang", { silenceMs: 20 })).rejects.toMatchObject({
    code: "PromptNotFound",
  });
  expect(channel.outOfStep).toBe(true);
});

test("an abort ends an exchange with its own reason where it has one", async () => {
  const abort = new AbortController();
  const channel = new ExpectChannel(new MemoryTransport(() => abort.abort()), options);
  await expect(exchange(channel, "x", { signal: abort.signal })).rejects.toMatchObject({
    code: "OperationAborted",
  });
});

test("a write that is not allowed fails the exchange", async () => {
  const transport = new MemoryTransport();
  const channel = new ExpectChannel(transport, {
    ...options,
    beforeWrite: () => {
      throw new Error("fenced");
    },
  });
  await expect(exchange(channel, "x")).rejects.toThrow("fenced");
  expect(transport.written).toEqual([]);
});

test("output can be streamed: nothing of it is kept", async () => {
  const line = `${"x".repeat(79)}\r\n`;
  const transport = new MemoryTransport((_t, device) => {
    device.say("show tech\r\n");
    for (let i = 0; i < 1000; i++) device.say(line);
    device.say("r1#");
  });
  let streamed = 0;
  const reply = await exchange(new ExpectChannel(transport, options), "show tech", {
    onText: (text: string) => {
      streamed += text.length;
    },
  });
  expect(streamed).toBe(80 * 1000);
  expect(reply.text).toBe("");
});

test("time grows linearly with the output", async () => {
  const run = async (lines: number) => {
    const transport = new MemoryTransport((_t, device) => {
      device.say("show tech\r\n");
      for (let i = 0; i < lines; i++) device.say(`${"y".repeat(78)}\r\n`);
      device.say("r1#");
    });
    const began = process.cpuUsage().user;
    const reply = await exchange(new ExpectChannel(transport, options), "show tech");
    expect(reply.text.length).toBe(lines * 79);
    return process.cpuUsage().user - began;
  };
  await run(2000);
  const small = await run(10_000);
  const large = await run(80_000);
  // Eight times the output; quadratic work would be 64 times. Generous, since other things run on the machine.
  expect(large).toBeLessThan(Math.max(small, 5000) * 30);
});

test("any cut of the same bytes gives the same result", async () => {
  const word = fc.constantFrom("interface", " up", "100%", "r2", "#", " ", "äö", "$ ", "€");
  const output = fc.array(
    fc.array(word, { minLength: 1, maxLength: 5 }).map((w) => `x${w.join("")}`),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(output, fc.array(fc.nat(), { maxLength: 10 }), async (lines, cuts) => {
      const bytes = Buffer.from(`show x\r\n${lines.map((l) => `${l}\r\n`).join("")}r1# `);
      const places = [...new Set(cuts.map((c) => c % bytes.length))]
        .filter((p) => p > 0)
        .sort((a, b) => a - b);
      const transport = new MemoryTransport((_t, device) => {
        let from = 0;
        const next = () => {
          const to = places.shift() ?? bytes.length;
          device.say(bytes.subarray(from, to));
          from = to;
          if (from < bytes.length) setImmediate(next);
        };
        next();
      });
      const reply = await exchange(new ExpectChannel(transport, options), "show x");
      expect(reply.text).toBe(lines.map((l) => `${l}\n`).join(""));
      expect(reply.tail.trimEnd()).toBe("r1#");
    }),
    { numRuns: 150 },
  );
});
