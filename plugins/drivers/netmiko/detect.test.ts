import { expect, test } from "vitest";
import { detect } from "./detect.ts";
import { PlatformLibrary } from "./platforms.ts";

const platforms = new PlatformLibrary().detectable();
const nothingSeen = { serverVersion: "", banner: "", prompt: "r1#" };

async function ask(outputs: Record<string, string>, seen: Partial<typeof nothingSeen> = {}) {
  const asked: string[] = [];
  const found = await detect(platforms, { ...nothingSeen, ...seen }, (command) => {
    asked.push(command);
    return Promise.resolve(outputs[command] ?? "% Invalid input detected at '^' marker.");
  });
  return { found, asked };
}

test("a certain answer ends the search", async () => {
  const { found, asked } = await ask({ "show version": "Arista DCS-7050SX\nSoftware image version: 4.20" });
  expect(found).toBe("arista_eos");
  expect(asked).toEqual(["show version"]);
});

test("a less certain one gives way to a certain one", async () => {
  const outputs = {
    "show version": "Cisco IOS Software, IOS-XE",
    "show inventory": "Cisco 5520 Wireless Controller",
  };
  expect((await ask({ "show version": outputs["show version"] })).found).toBe("cisco_ios");
});

test("an answer that is an error identifies nothing", async () => {
  expect((await ask({ "show version": "% Invalid input: Arista" })).found).toBeUndefined();
});

test("the form of the prompt chooses the first question", async () => {
  const { asked } = await ask(
    { "display version": "Huawei Versatile Routing Platform Software" },
    { prompt: "<sw1>" },
  );
  expect(asked).toEqual(["display version"]);
});

test("the server's own name can be enough: nothing is asked", async () => {
  const { found, asked } = await ask({}, { serverVersion: "CISCO_WLC" });
  expect(found).toBe("cisco_wlc");
  expect(asked).toEqual([]);
});

test.each([
  ["Cisco IOS XE Software, Version 17.03.04\nCisco IOS Software [Amsterdam], Catalyst L3", "cisco_xe"],
  ["Cisco IOS Software, C2960 Software, Version 15.2(2)E", "cisco_ios"],
  ["Cisco Nexus Operating System (NX-OS) Software", "cisco_nxos"],
  ["Cisco IOS XR Software, Version 7.3.2", "cisco_xr"],
  ["Cisco Adaptive Security Appliance Software Version 9.12", "cisco_asa"],
  ["Hostname: mx1\nModel: mx240\nJUNOS Software Release [18.4R1]", "juniper_junos"],
  ["TiMOS-B-19.10.R1 both/x86_64 Nokia 7750 SR Copyright (c) 2000-2019 Nokia.", "alcatel_sros"],
  ["Dell SmartFabric OS10 Enterprise", "dell_os10"],
  ["ExtremeXOS version 31.5.1.6", "extreme_exos"],
])("show version that says %j is %s", async (answer, type) => {
  expect((await ask({ "show version": answer })).found).toBe(type);
});

test("H3C's own name wins over the family's", async () => {
  const { found } = await ask({ "display version": "H3C Comware Software, Version 7.1.070" });
  expect(found).toBe("h3c_comware");
});
