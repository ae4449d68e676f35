import ssh2, { type ClientChannel } from "ssh2";
import { afterEach, expect, test } from "vitest";
import { RunningConfig } from "./running-config.ts";
import { type SimulatedDevice, type SimulationOptions, simulate } from "./simulate.ts";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

/** A plain SSH client, so that the simulator is tested without the driver. */
async function shell(
  options: SimulationOptions,
): Promise<{ device: SimulatedDevice; type: (line: string, until: string) => Promise<string> }> {
  const device = await simulate(options);
  const client = new ssh2.Client();
  open.push({ close: () => client.end() }, device);
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.once("error", reject);
    client.once("ready", () => client.shell((error, opened) => (error ? reject(error) : resolve(opened))));
    const { host, port, username, password } = device;
    client.connect({ host, port, username, password });
  });
  let text = "";
  channel.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const seen = async (until: string) => {
    await expect.poll(() => text, { interval: 2 }).toContain(until);
    const result = text;
    text = "";
    return result;
  };
  await seen(device.platform === "linux" ? "$ " : device.platform === "cisco_nxos" ? "# " : ">");
  return {
    device,
    type: (line, until) => {
      channel.write(`${line}\r`);
      return seen(until);
    },
  };
}

test("it has modes, an enable secret, and a configuration that can be read back", async () => {
  const { device, type } = await shell({ platform: "cisco_ios", secret: "s" });
  expect(await type("configure terminal", "ios1>")).toContain("% Invalid input");
  await type("enable", "Password: ");
  expect(await type("wrong", "ios1>")).toContain("% Bad secrets");
  await type("enable", "Password: ");
  await type("s", "ios1#");
  await type("configure terminal", "ios1(config)#");
  await type("interface Loopback5", "ios1(config-if)#");
  await type("ip address 10.5.5.5 255.255.255.255", "ios1(config-if)#");
  await type("hostname renamed", "#");
  await type("end", "#");
  expect(device.runningConfig()).toContain("interface Loopback5\n ip address 10.5.5.5 255.255.255.255\n");
  expect(device.startupConfig()).not.toContain("Loopback5");
  await type("write memory", "[OK]");
  expect(device.startupConfig()).toContain("Loopback5");
  expect(device.received().slice(0, 3)).toEqual(["configure terminal", "enable", "<secret>"]);
});

test("faults on demand, changeable while it runs", async () => {
  const { device, type } = await shell({ platform: "linux", outputs: { "cat x": "content\n" } });
  expect(await type("cat x", "$ ")).toContain("content\r\n");
  device.behaviour.rejects = ["cat x"];
  expect(await type("cat x", "$ ")).toContain("command not found");
  expect(device).toMatchObject({ sessions: 1, logins: 1 });
});

test("running configuration: no removes, single lines replace, sections nest", () => {
  const config = new RunningConfig(
    ["description"],
    "interface a\n description one\n mtu 9000\nntp server 1\n",
  );
  config.apply(["interface a"], "description two");
  config.apply(["interface a"], "no mtu");
  config.apply([], "no ntp server");
  expect(config.text("")).toBe("interface a\n description two\n");
});
