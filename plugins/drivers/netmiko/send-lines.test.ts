import { expect, test } from "vitest";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { MemoryTransport } from "../../../src/device/memory-transport.ts";
import type { LineResult } from "../../../src/plugin/index.ts";
import { Cli } from "./cli.ts";
import { PlatformLibrary } from "./platforms.ts";
import { sendLines } from "./send-lines.ts";

/** A device that takes a banner's text without a prompt, until its delimiter. */
function bannerDevice(): MemoryTransport {
  let text = false;
  return new MemoryTransport((written, device) => {
    for (const line of written.split("\n").slice(0, -1)) {
      device.say(`${line}\r\n`);
      if (line === "banner motd #") {
        text = true;
        device.say("Enter TEXT message.  End with the character '#'.\r\n");
      } else if (line === "#") text = false;
      if (!text) device.say("r1(config)#");
    }
  });
}

test("a banner's text follows in one piece once the device takes it, and ends at the next prompt", async () => {
  const platform = new PlatformLibrary().find("cisco_ios");
  if (!platform) throw new Error("no platform cisco_ios");
  const transport = bannerDevice();
  const channel = new ExpectChannel(transport, {
    device: "r1",
    encoding: "utf-8",
    stripAnsi: true,
    tailLines: 1,
  });
  const cli = new Cli(channel, { device: "r1", platform, credential: { data: {} }, readTimeoutMs: 1000 });
  transport.say("r1(config)#");
  await cli.open();
  transport.written.length = 0;

  const results: LineResult[] = [];
  const lines = ["banner motd #", "r1> is not a prompt", "Keep out [confirm]", "#", "hostname r1"];
  const error = await sendLines(
    cli,
    { lines, mode: "config", onError: "Stop" },
    results,
    new AbortController().signal,
  );
  expect(error).toBeUndefined();
  expect(results.map((r) => r.state)).toEqual(lines.map(() => "accepted"));
  expect(transport.written).toEqual([
    "banner motd #\n",
    "r1> is not a prompt\nKeep out [confirm]\n#\n",
    "hostname r1\n",
  ]);
});
