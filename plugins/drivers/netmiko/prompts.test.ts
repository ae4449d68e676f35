import { expect, test } from "vitest";
import { PlatformLibrary } from "./platforms.ts";
import { Prompts } from "./prompts.ts";

const library = new PlatformLibrary();

function promptsOf(name: string): Prompts {
  const platform = library.find(name);
  if (!platform) throw new Error(`no platform ${name}`);
  return new Prompts(platform);
}

test.each([
  ["cisco_ios", "r1>", "exec"],
  ["cisco_ios", "r1#", "privileged"],
  ["cisco_ios", "r1(config)#", "config"],
  ["cisco_ios", "r1(config-if-range)#", "config"],
  ["cisco_ios", "r1(tcl)#", "tclsh"],
  ["arista_eos", "eos1(s1)#", "privileged"],
  ["arista_eos", "eos1(config-if-Et1)#", "config"],
  ["arista_eos", "eos1(config-s-netpul)#", "session"],
  ["cisco_nxos", "n9k(maint-mode)#", "privileged"],
  ["cisco_nxos", "n9k(config-vlan)#", "config"],
  ["linux", "user@host:~$", "exec"],
  ["linux", "[root@host ~]#", "privileged"],
])("%s: %s is the mode %s", (platform, prompt, mode) => {
  expect(promptsOf(platform).recognise(prompt, undefined, undefined)?.mode).toBe(mode);
});

test.each([
  ["cisco_ios", "interface GigabitEthernet0/1"],
  ["cisco_ios", "CPU utilization: 5%/0%"],
  ["cisco_ios", "Password:"],
  ["cisco_nxos", "Proceed [y/n]?"],
])("%s: %s is no prompt", (platform, text) => {
  expect(promptsOf(platform).recognise(text, undefined, undefined)).toBeUndefined();
});

test("a name that was seen is believed at once, another one only when nothing follows", () => {
  const prompts = promptsOf("cisco_ios");
  prompts.learn("r1#", "privileged");
  expect(prompts.recognise("r1(config)#", undefined, "privileged")?.settleMs).toBe(0);
  expect(prompts.recognise("other#", undefined, "privileged")?.settleMs).toBeGreaterThan(0);
});

test("of two modes that look alike the wanted one wins, then the current one", () => {
  const prompts = promptsOf("juniper_junos");
  expect(prompts.recognise("user@mx1#", "config_exclusive", "exec")?.mode).toBe("config_exclusive");
  expect(prompts.recognise("user@mx1#", undefined, "config_exclusive")?.mode).toBe("config_exclusive");
  expect(prompts.recognise("user@mx1#", undefined, "exec")?.mode).toBe("config");
});
