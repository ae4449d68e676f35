import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DeviceCommands } from "./device-commands.ts";
import { noFileCommands, posixFileCommands } from "./file-commands.ts";
import { arrivalPath, below, fileSystemOf, folderOf, isArrivalOf, splitPath } from "./remote-path.ts";
import { contentOf } from "./testing/memory-files.ts";

test.each([
  ["/etc/motd", "/etc", "motd", ""],
  ["/motd", "/", "motd", ""],
  ["motd", ".", "motd", ""],
  ["a/b", "a", "b", ""],
  ["flash:image.bin", "flash:", "image.bin", "flash:"],
  ["flash:/images/x.bin", "flash:/images", "x.bin", "flash:"],
  ["bootflash:/x.bin", "bootflash:/", "x.bin", "bootflash:"],
])("%s is in %s", (path, folder, name, fileSystem) => {
  expect(folderOf(path)).toBe(folder);
  expect(splitPath(path).name).toBe(name);
  expect(fileSystemOf(path)).toBe(fileSystem);
});

test("a path below a folder is joined as its device writes it", () => {
  expect(below("/etc", "a/b")).toBe("/etc/a/b");
  expect(below("/", "a")).toBe("/a");
  expect(below("flash:", "a")).toBe("flash:a");
  expect(below("/etc/motd", "")).toBe("/etc/motd");
});

test("a file arrives beside its place, under a name that its content makes", async () => {
  const one = await arrivalPath("/etc/motd", contentOf(Buffer.from("one")));
  expect(one).toMatch(/^\/etc\/\.motd\.netpulse-[0-9a-f]{12}$/);
  expect(await arrivalPath("/etc/motd", contentOf(Buffer.from("one")))).toBe(one);
  expect(await arrivalPath("/etc/motd", contentOf(Buffer.from("two")))).not.toBe(one);
  expect(isArrivalOf("motd", splitPath(one).name)).toBe(true);
  expect(isArrivalOf("mot", splitPath(one).name)).toBe(false);
  const long = splitPath(await arrivalPath(`/x/${"n".repeat(250)}`, contentOf(Buffer.alloc(0)))).name;
  expect(long.length).toBeLessThan(255);
  expect(isArrivalOf("n".repeat(250), long)).toBe(true);
});

function commandsOf(commands: typeof noFileCommands) {
  return new DeviceCommands({ device: "h1", commands, run: () => Promise.resolve("") });
}

test("any path is one word for a shell, and never an option", () => {
  const commands = commandsOf(posixFileCommands);
  const path = fc
    .string({ unit: "binary", minLength: 1, maxLength: 40 })
    .filter((text) => !text.includes("\0"));
  fc.assert(
    fc.property(path, (text) => {
      const said = execFileSync("/bin/sh", ["-c", `printf %s ${commands.quoted(text)}`]);
      const word = text.startsWith("-") ? `./${text}` : text;
      expect(said.equals(Buffer.from(word))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("a path that a device's command line could take for more than a path is refused", () => {
  const commands = commandsOf(noFileCommands);
  expect(commands.quoted("flash:/images/cat9k-17.12.bin")).toBe("flash:/images/cat9k-17.12.bin");
  for (const path of ["a b", "a;b", "a|b", "a\nb", "a?", "", '"a"', "$(a)", "a`b`"])
    expect(() => commands.quoted(path)).toThrow(expect.objectContaining({ code: "RemotePathUnusable" }));
});
