import { expect, test } from "vitest";
import { Device, type DeviceOptions } from "./device.ts";
import type { Flash, FlashReply } from "./flash.ts";

function router(options: Partial<DeviceOptions> = {}): { device: Device; flash: Flash } {
  const device = new Device("cisco_ios", options);
  if (!device.flash) throw new Error("an IOS device has a flash");
  return { device, flash: device.flash };
}

/** What was asked and said, every question answered by a line end. */
function talk(flash: Flash, command: string): string[] {
  const said: string[] = [];
  let reply: FlashReply | undefined = flash.answer(command, "admin");
  while (reply && "asks" in reply) {
    said.push(reply.asks);
    reply = reply.next();
  }
  return [...said, reply?.says ?? "not a command"];
}

test("a copy asks for its name, and once more before it writes over a file", () => {
  const { flash } = router();
  expect(talk(flash, "copy running-config flash:/a.txt")).toEqual([
    "Destination filename [a.txt]? ",
    expect.stringContaining("bytes copied"),
  ]);
  expect(talk(flash, "copy running-config flash:a.txt")).toEqual([
    "Destination filename [a.txt]? ",
    expect.stringContaining("Do you want to over write? [confirm]"),
    expect.stringContaining("bytes copied"),
  ]);
});

test("with `file prompt quiet` nothing is asked", () => {
  const { device, flash } = router();
  device.running.apply([], "file prompt quiet");
  expect(talk(flash, "copy running-config flash:/a.txt")).toHaveLength(1);
});

test("a merge goes on behind a line that it refuses, as the real one does", () => {
  const { device, flash } = router({ rejects: ["hostnam x"] });
  flash.files.set(
    "m.txt",
    Buffer.from("hostnam x\nhostname r2\ninterface GigabitEthernet0/1\n description a\n"),
  );
  expect(talk(flash, "copy flash:/m.txt running-config").at(-1)).toMatch(
    /hostnam x\r\n.*\^\r\n% Invalid input/,
  );
  expect(device.hostname).toBe("r2");
  expect(device.runningText()).toContain(
    "interface GigabitEthernet0/1\n no ip address\n shutdown\n description a\n",
  );
});

test("what a timer takes back is what ran when it began, and a confirmed commit stays", () => {
  const { device, flash } = router();
  const before = device.runningText();
  flash.files.set("c.txt", Buffer.from("hostname r3\n"));
  talk(flash, "configure replace flash:/c.txt force revert trigger error timer 5");
  expect(talk(flash, "show archive config rollback timer").at(-1)).toContain("User: admin");
  flash.expire();
  expect(device.runningText()).toBe(before);
  talk(flash, "configure replace flash:/c.txt force revert timer 5");
  talk(flash, "configure confirm");
  flash.expire();
  expect(device.runningText()).toContain("hostname r3\n");
});

test("a replacement that would be taken back needs the archive, and its trigger keeps what ran", () => {
  const { device, flash } = router({ archive: false });
  flash.files.set("c.txt", Buffer.from("hostname r3\n"));
  expect(talk(flash, "configure replace flash:/c.txt force revert trigger error").at(-1)).toContain(
    "config archive on",
  );
  const other = router({ rejects: ["hostname r3"] });
  other.flash.files.set("c.txt", Buffer.from("hostname r3\n"));
  const before = other.device.runningText();
  expect(talk(other.flash, "configure replace flash:/c.txt force revert trigger error").at(-1)).toContain(
    "successfully restored",
  );
  expect(other.device.runningText()).toBe(before);
  expect(device.hostname).toBe("ios1");
});
