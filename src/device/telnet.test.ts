import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TelnetTransport } from "./telnet.ts";

const [IAC, DONT, DO, WONT, WILL, SB, SE] = [255, 254, 253, 252, 251, 250, 240];

/** A stream whose far end is the test. */
function stream(): { near: Duplex; sent: () => number[] } {
  const written: Buffer[] = [];
  const near = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  return { near, sent: () => [...Buffer.concat(written)] };
}

function receive(chunks: readonly Buffer[]): { data: string; sent: number[] } {
  const { near, sent } = stream();
  const transport = new TelnetTransport(near, { columns: 80, rows: 24, terminal: "vt100" });
  const data: Buffer[] = [];
  transport.onData((chunk) => data.push(Buffer.from(chunk)));
  for (const chunk of chunks) near.emit("data", chunk);
  return { data: Buffer.concat(data).toString("latin1"), sent: sent() };
}

test("echo and go-ahead are agreed to, terminal type and size told, everything else refused", () => {
  const offers = [
    IAC,
    WILL,
    1,
    IAC,
    WILL,
    3,
    IAC,
    DO,
    24,
    IAC,
    DO,
    31,
    IAC,
    DO,
    35,
    IAC,
    WILL,
    5,
    IAC,
    SB,
    24,
    1,
    IAC,
    SE,
  ];
  const { data, sent } = receive([Buffer.from([...offers, ...Buffer.from("login: ")])]);
  expect(data).toBe("login: ");
  expect(sent).toEqual([
    IAC,
    DO,
    1,
    IAC,
    DO,
    3,
    IAC,
    WILL,
    24,
    IAC,
    WILL,
    31,
    IAC,
    SB,
    31,
    0,
    80,
    0,
    24,
    IAC,
    SE,
    IAC,
    WONT,
    35,
    IAC,
    DONT,
    5,
    IAC,
    SB,
    24,
    0,
    ...Buffer.from("vt100"),
    IAC,
    SE,
  ]);
});

test("an offer that was answered is not answered again: no loop", () => {
  const { sent } = receive([Buffer.from([IAC, WILL, 1, IAC, WILL, 1, IAC, WILL, 1])]);
  expect(sent).toEqual([IAC, DO, 1]);
});

test("data and answers do not depend on how the bytes were cut", () => {
  const part = fc.constantFrom(
    [IAC, WILL, 1],
    [IAC, DO, 24],
    [IAC, IAC],
    [IAC, 241],
    [IAC, SB, 24, 1, IAC, SE],
    [65, 66],
    [13, 10],
    [IAC, DO, 31],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
      const bytes = Buffer.from(parts.flat());
      const places = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b);
      const chunks = [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length));
      expect(receive(chunks)).toEqual(receive([bytes]));
    }),
  );
});

test("a byte 255 in what is sent is doubled", () => {
  const { near, sent } = stream();
  new TelnetTransport(near).write(Buffer.from([1, 255, 2]));
  expect(sent()).toEqual([1, 255, 255, 2]);
});

test("the end of the stream is the end of the transport", async () => {
  const { near } = stream();
  const transport = new TelnetTransport(near);
  near.push(null);
  await expect(transport.closed).resolves.toBeUndefined();
});
