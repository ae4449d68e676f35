import { describe, expect, test } from "vitest";
import { PlatformLibrary } from "./platforms.ts";
import { onlyReads } from "./read-only.ts";

const library = new PlatformLibrary();
const ios = library.find("cisco_ios");
const linux = library.find("linux");

describe("network devices", () => {
  test.each([
    "show version",
    "SHOW ip route",
    "sh run | include hostname",
    "show run | section bgp | count",
    "display current-configuration",
    "dir flash:",
    "ping 10.0.0.1",
    "traceroute 10.0.0.1",
    "more flash:x.txt",
  ])("%s only reads", (command) => expect(onlyReads(command, ios)).toBe(true));

  test.each([
    "reload",
    "write memory",
    "configure terminal",
    "clear counters",
    "copy running-config startup-config",
    "show run | redirect flash:x",
    "show run | tee x",
    "show run | append x",
    "show version ; reload",
    "show version && reload",
    "show run > bootflash:x",
    "show x\nreload",
    "showing",
    "debug all",
    "show run | save x",
    "",
  ])("%j may change something", (command) => expect(onlyReads(command, ios)).toBe(false));
});

describe("hosts with a shell", () => {
  test.each([
    "uname -a",
    "cat /etc/os-release",
    "ip address show",
    "ip -br link",
    "systemctl status sshd",
    "ps aux",
    "df -h",
    "ls -l /tmp",
  ])("%s only reads", (command) => expect(onlyReads(command, linux)).toBe(true));

  test.each([
    "rm -rf /",
    "cat x | sh",
    "cat x > y",
    "ls; reboot",
    "ls $(reboot)",
    "ls `reboot`",
    "ip link set eth0 down",
    "ip address add 10.0.0.1 dev eth0",
    "systemctl restart sshd",
    "show version | grep x",
    "hostname new",
    "mount /dev/sda /mnt",
    "ss -K dst 10.0.0.1",
    "dmesg -c",
    "sysctl -w x=1",
    "ip netns exec x reboot",
    "ip route show; reboot",
    "arp -d 10.0.0.1",
  ])("%s may change something", (command) => expect(onlyReads(command, linux)).toBe(false));
});

test("on a platform that is not known yet a pipe may reach any program", () => {
  expect(onlyReads("show version", undefined)).toBe(true);
  expect(onlyReads("show version | grep x", undefined)).toBe(false);
});
