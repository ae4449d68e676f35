import { describe, expect, onTestFinished, test, vi } from "vitest";
import { MemoryTransport } from "../memory-transport.ts";
import { sessionLog } from "../session-log.ts";
import { element } from "../xml/index.ts";
import { NetconfClient } from "./client.ts";
import { frame } from "./framing.ts";
import { NetconfSession } from "./session.ts";
import { obedientDevice, TestDevice } from "./test-device.ts";

const options = { device: "r1" };
const BASE_1_1 = "urn:ietf:params:netconf:base:1.1";

function withFakeTimers(): void {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

describe("hello", () => {
  test("where both know 1.1, requests and replies come in chunks", async () => {
    const transport = new MemoryTransport((text, device) => {
      if (text.includes("<get/>"))
        device.say(frame('<rpc-reply message-id="1"><data/></rpc-reply>', "chunked"));
    });
    transport.say(`<hello><capabilities><capability>${BASE_1_1}</capability></capabilities></hello>]]>]]>`);
    const client = await NetconfClient.open(transport, options);
    await client.get();
    expect(client.session.framing).toBe("chunked");
    expect(transport.written[0]).toMatch(/^<\?xml .*<hello .*base:1\.0.*base:1\.1.*<\/hello>\]\]>\]\]>$/);
    expect(transport.written[1]).toMatch(/^\n#\d+\n<\?xml .*<\/rpc>\n##\n$/s);
  });

  test("otherwise, or when 1.1 is not offered, messages end with the delimiter", async () => {
    const device = obedientDevice();
    const client = await device.client([BASE_1_1], { versions: ["1.0"] });
    await client.rpc("<get/>");
    expect(client.session.framing).toBe("delimited");
    expect(device.transport.written.at(-1)).toMatch(/<\/rpc>\]\]>\]\]>$/);
  });

  test("the session's id and capabilities are known; Junos' old names and parameters do not matter", async () => {
    const device = new TestDevice();
    const client = await device.client([
      "urn:ietf:params:xml:ns:netconf:capability:candidate:1.0",
      "urn:ietf:params:netconf:capability:url:1.0?scheme=http,ftp",
      "http://xml.juniper.net/netconf/junos/1.0",
    ]);
    const { capabilities } = client;
    expect(client.session.sessionId).toBe("7");
    const asked = [
      ":candidate",
      ":candidate:1.0",
      ":candidate:1.1",
      ":url",
      ":cand",
      ":base:1.0",
      ":base:1.1",
    ];
    expect(asked.filter((name) => capabilities.has(name))).toEqual([
      ":candidate",
      ":candidate:1.0",
      ":url",
      ":base:1.0",
    ]);
    expect(capabilities.has("http://xml.juniper.net/netconf/junos/1.0")).toBe(true);
  });

  test("text before it is passed over", async () => {
    const device = new TestDevice();
    device.transport.say("Welcome to r1 <unauthorised use is forbidden>\n");
    await expect(device.client()).resolves.toBeInstanceOf(NetconfClient);
  });

  test.each([
    ["login: ]]>]]>", "no NETCONF hello"],
    ["<html/>]]>]]>", "no NETCONF hello"],
    ["<hello><capabilities>]]>]]>", "the text ends within"],
    [
      "<hello><capabilities><capability>urn:ietf:params:netconf:base:2.0</capability></capabilities></hello>]]>]]>",
      "a hello for NETCONF 2.0",
    ],
  ])("%j ends the session, saying why", async (text, why) => {
    const transport = new MemoryTransport();
    transport.say(text);
    await expect(NetconfSession.open(transport, options)).rejects.toMatchObject({
      code: "ReplyInvalid",
      message: expect.stringContaining(why),
    });
    await expect(transport.closed).resolves.toBeUndefined();
  });

  test("a device that says nothing is given up after the time limit", async () => {
    withFakeTimers();
    const opening = NetconfSession.open(new MemoryTransport(), { ...options, helloTimeoutMs: 5000 });
    const outcome = expect(opening).rejects.toMatchObject({ code: "ConnectTimeout" });
    await vi.advanceTimersByTimeAsync(5000);
    await outcome;
  });

  test("waiting for it ends when the device goes away or the work is stopped", async () => {
    const gone = new MemoryTransport();
    const first = NetconfSession.open(gone, options);
    gone.close(new Error("connection reset"));
    await expect(first).rejects.toMatchObject({ code: "SessionClosed" });
    const stop = new AbortController();
    const second = NetconfSession.open(new MemoryTransport(), { ...options, signal: stop.signal });
    stop.abort();
    await expect(second).rejects.toMatchObject({ code: "OperationAborted" });
  });
});

describe("requests", () => {
  test("several wait at once; each gets the reply with its id, whatever the order", async () => {
    const device = new TestDevice();
    const { session } = await device.client();
    const replies = ["first", "second", "third"].map((name) => session.rpc(element(name)));
    for (const request of device.asked.toReversed())
      device.reply(request, `<did>${request.children[0]?.name}</did>`);
    const did = (await Promise.all(replies)).map((reply) => reply.element.value("did"));
    expect(did).toEqual(["first", "second", "third"]);
  });

  test("one that times out fails alone: its late reply is dropped by its id", async () => {
    withFakeTimers();
    const device = new TestDevice();
    const { session } = await device.client();
    const slow = session.rpc(element("slow"), { timeoutMs: 1000 });
    const outcome = expect(slow).rejects.toMatchObject({ code: "OperationTimeout" });
    await vi.advanceTimersByTimeAsync(1000);
    await outcome;
    const quick = session.rpc(element("quick"));
    for (const request of device.asked) device.reply(request, `<did>${request.children[0]?.name}</did>`);
    expect((await quick).element.value("did")).toBe("quick");
    expect(session.isClosed).toBe(false);
  });

  test("a long reply takes its time: only silence counts", async () => {
    withFakeTimers();
    const device = new TestDevice();
    const { session } = await device.client();
    const slow = session.rpc(element("slow"), { timeoutMs: 1000 });
    for (const piece of ['<rpc-reply message-id="1">', "<a/>", "<b/>", "</rpc-reply>]]>]]>"]) {
      await vi.advanceTimersByTimeAsync(900);
      device.transport.say(piece);
    }
    expect((await slow).element.children).toHaveLength(2);
  });

  test("one that is aborted fails alone, at once", async () => {
    const device = new TestDevice();
    const { session } = await device.client();
    const stop = new AbortController();
    const aborted = session.rpc(element("a"), { signal: stop.signal });
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ code: "OperationAborted" });
    await expect(session.rpc(element("b"), { signal: stop.signal })).rejects.toMatchObject({
      code: "OperationAborted",
    });
    expect(device.asked).toHaveLength(1);
  });

  test("a reply without id belongs to the request that was sent first, even if nobody waits for that any more", async () => {
    const device = new TestDevice();
    const { session } = await device.client();
    const stop = new AbortController();
    const first = session.rpc(element("a"), { signal: stop.signal });
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: "OperationAborted" });
    const second = session.rpc(element("b"));
    device.say("<rpc-reply><did>a</did></rpc-reply>");
    device.say("<rpc-reply><did>b</did></rpc-reply>");
    expect((await second).element.value("did")).toBe("b");
  });

  test.each([
    ['<rpc-reply message-id="99"><ok/></rpc-reply>', "a reply to request 99"],
    ["<surprise/>", "<surprise>"],
    ["<rpc-reply", "the text ends within"],
    ["<!DOCTYPE a><rpc-reply/>", "a document type is refused"],
  ])("%s ends the session for all that wait", async (text, why) => {
    const device = new TestDevice();
    const { session } = await device.client();
    const waiting = [session.rpc(element("a")), session.rpc(element("b"))];
    device.say(text);
    for (const one of waiting)
      await expect(one).rejects.toMatchObject({
        code: "ReplyInvalid",
        message: expect.stringContaining(why),
      });
    expect(await session.closed).toMatchObject({ code: "ReplyInvalid" });
    await expect(session.rpc(element("c"))).rejects.toMatchObject({ code: "ReplyInvalid" });
  });

  test("a reply over the limit ends the session before it has all come", async () => {
    const device = new TestDevice();
    const { session } = await device.client([], { maxReplyBytes: 10_000 });
    const waiting = session.rpc(element("a"));
    device.transport.say(`<rpc-reply message-id="1">${"x".repeat(10_000)}`);
    await expect(waiting).rejects.toMatchObject({ code: "ReplyTooLarge" });
  });

  test("a session that breaks is known at once by all that wait, with the last words", async () => {
    const device = new TestDevice();
    const { session } = await device.client();
    const waiting = [session.rpc(element("a")), session.rpc(element("b"))];
    device.transport.say("<rpc-reply>half");
    device.transport.close();
    for (const one of waiting)
      await expect(one).rejects.toMatchObject({
        code: "SessionClosed",
        message: expect.stringContaining("half"),
      });
    expect(await session.closed).toMatchObject({ code: "SessionClosed" });
  });

  test("nothing is written once it is not allowed", async () => {
    const device = obedientDevice();
    const { session } = await device.client();
    const forbid = () => {
      throw new Error("fenced");
    };
    await expect(session.rpc(element("a"), { beforeWrite: forbid })).rejects.toThrow("fenced");
    expect(device.asked).toEqual([]);
    const transport = new MemoryTransport();
    await expect(NetconfSession.open(transport, { ...options, beforeWrite: forbid })).rejects.toThrow(
      "fenced",
    );
    expect(transport.written).toEqual([]);
  });

  test("a session log has no secrets", async () => {
    const lines: string[] = [];
    const log = sessionLog(["pa55"], (direction, text) => lines.push(`${direction} ${text}`), {
      recordsWrites: true,
    });
    const device = new TestDevice((request, self) => self.reply(request, "<echo>pa55</echo>"));
    const { session } = await device.client([], { log });
    await session.rpc(element("set", {}, "pa55"));
    session.abort();
    expect(lines.join("\n")).toContain("<set>********</set>");
    expect(lines.join("\n")).toContain("<echo>********</echo>");
    expect(lines.join("\n")).not.toContain("pa55");
  });
});

describe("the end", () => {
  test("goodbye is said and the session ends without a failure, whether or not the device answers", async () => {
    for (const device of [obedientDevice(), new TestDevice((_request, self) => self.transport.close())]) {
      const client = await device.client();
      await client.close();
      expect(device.asked.map((request) => request.children[0]?.name)).toEqual(["close-session"]);
      expect(await client.closed).toBeUndefined();
      await client.close();
      expect(device.asked).toHaveLength(1);
    }
  });

  test("an end that nobody asked for is a failure", async () => {
    const device = new TestDevice();
    const client = await device.client();
    device.transport.close();
    expect(await client.closed).toMatchObject({ code: "SessionClosed" });
  });
});
