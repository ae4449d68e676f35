import { expect, test } from "vitest";
import { ExpectChannel } from "../../../src/device/expect.ts";
import { MemoryTransport } from "../../../src/device/memory-transport.ts";
import { Cli } from "./cli.ts";
import { PlatformLibrary } from "./platforms.ts";

const platform = new PlatformLibrary().find("ubiquiti_edgeswitch");
if (!platform) throw new Error("there is no ubiquiti_edgeswitch");

const PROMPTS = ["(sw1) >", "(sw1) #", "(sw1) (Config)#", "(sw1) (Interface 0/1)#"];

/** A switch on which `exit` leaves one level. */
function nested(level: number) {
  const received: string[] = [];
  let depth = level;
  const transport = new MemoryTransport((text, device) => {
    const line = text.trim();
    received.push(line);
    if (line === "exit") depth = Math.max(0, depth - 1);
    device.say(`${line}\r\n${PROMPTS[depth]}`);
  });
  return { received, transport, prompt: () => PROMPTS[depth] ?? "" };
}

async function cliOn({ transport, prompt }: ReturnType<typeof nested>): Promise<Cli> {
  const channel = new ExpectChannel(transport, {
    device: "sw1",
    encoding: "utf-8",
    stripAnsi: true,
    tailLines: 1,
  });
  const cli = new Cli(channel, {
    device: "sw1",
    platform: { ...(platform as NonNullable<typeof platform>), onOpen: [] },
    credential: { data: {} },
    readTimeoutMs: 1000,
  });
  transport.say(prompt());
  await cli.open();
  return cli;
}

test("configuration mode is left from the depth of an interface, one level at a time", async () => {
  const device = nested(3);
  const cli = await cliOn(device);
  await cli.enter("privileged");
  expect(device.received).toEqual(["exit", "exit"]);
  expect(device.prompt()).toBe("(sw1) #");
});

test("a way that changes nothing is not tried again", async () => {
  const device = nested(1);
  const cli = await cliOn(device);
  await expect(cli.enter("config")).rejects.toMatchObject({ code: "ConfigModeFailed" });
  expect(device.received).toEqual(["configure"]);
});
