import { describe, expect, test } from "vitest";
import { obedientDevice, type TestDevice } from "./test-device.ts";

function event(device: TestDevice, content: string): void {
  device.say(`<notification><eventTime>2026-11-25T00:00:00Z</eventTime>${content}</notification>`);
}

describe("notifications", () => {
  test("come in their order, those before the loop too, and leaving the loop ends them", async () => {
    const device = obedientDevice();
    const client = await device.client([":notification:1.0"]);
    const stream = await client.subscribe({ stream: "NETCONF", startTime: "2026-11-24T00:00:00Z" });
    event(device, "<link-up/>");
    event(device, "<link-down/>");
    const names: string[] = [];
    for await (const one of stream) {
      names.push(`${one.eventTime} ${one.event.name}`);
      if (names.length === 2) break;
    }
    expect(names).toEqual(["2026-11-25T00:00:00Z link-up", "2026-11-25T00:00:00Z link-down"]);
    expect(device.asked[0]?.value("create-subscription/stream")).toBe("NETCONF");
    event(device, "<link-up/>");
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  test("are over after the last one of a replay, and when the work is stopped", async () => {
    const device = obedientDevice();
    const client = await device.client([":notification:1.0"]);
    const stop = new AbortController();
    const replay = await client.subscribe();
    const stopped = await client.subscribe({}, { signal: stop.signal });
    event(device, "<notificationComplete/>");
    stop.abort();
    const names: string[] = [];
    for await (const one of replay) names.push(one.event.name);
    expect(names).toEqual(["notificationComplete"]);
    await stopped.next();
    expect(await stopped.next()).toMatchObject({ done: true });
  });

  test("that are held when the session breaks are still given, and then the failure", async () => {
    const device = obedientDevice();
    const client = await device.client([":notification:1.0"]);
    const stream = await client.subscribe();
    event(device, "<link-up/>");
    device.transport.close();
    expect(await stream.next()).toMatchObject({ value: { event: { name: "link-up" } } });
    await expect(stream.next()).rejects.toMatchObject({ code: "SessionClosed" });
  });

  test("that nobody takes do not fill the memory: the oldest go, and how many is told", async () => {
    const device = obedientDevice();
    const client = await device.client([":notification:1.0"]);
    const stream = await client.subscribe();
    for (let at = 0; at < 1010; at++) event(device, `<n>${at}</n>`);
    const first = await stream.next();
    expect(first.value).toMatchObject({ missed: 10, event: { text: "10" } });
    expect(await stream.next()).toMatchObject({ value: { missed: 0, event: { text: "11" } } });
  });

  test("are not asked for where the device has none", async () => {
    const device = obedientDevice();
    const client = await device.client();
    await expect(client.subscribe()).rejects.toMatchObject({ code: "CapabilityMissing" });
    expect(device.asked).toEqual([]);
  });
});
