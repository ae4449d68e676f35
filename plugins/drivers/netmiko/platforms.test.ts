import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BUILT_IN, PlatformLibrary } from "./platforms.ts";

const deviceTypes = readFileSync(join(import.meta.dirname, "netmiko-device-types.txt"), "utf8")
  .trimEnd()
  .split("\n");

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), "platforms-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, `${name}.yaml`), text);
  return path;
}

test("every device type of Netmiko has a platform, and _ssh may follow its name", () => {
  const library = new PlatformLibrary();
  const names = deviceTypes.flatMap((type) =>
    /_(?:telnet|serial)$/.test(type) ? [type] : [type, `${type}_ssh`],
  );
  const unknown = names.filter((name) => !library.resolve(name));
  expect(unknown).toEqual([]);
});

test("a name that ends in _telnet is reached by Telnet, every other one by SSH", () => {
  const library = new PlatformLibrary();
  expect(library.resolve("cisco_ios_telnet")).toMatchObject({
    transport: "telnet",
    platform: { name: "cisco_ios" },
  });
  expect(library.resolve("cisco_ios_serial")).toMatchObject({
    transport: "ssh",
    platform: { name: "cisco_ios" },
  });
});

test("a base is no device type", () => {
  const library = new PlatformLibrary();
  expect(library.resolve("cisco_like")).toBeUndefined();
  expect(library.names()).not.toContain("cisco_like");
});

test("no alias is also the name of a file, and no two files share one", () => {
  const library = new PlatformLibrary();
  const names = library.names();
  const aliases = names.flatMap((name) => library.find(name)?.aliases ?? []);
  expect(aliases.filter((alias) => names.includes(alias))).toEqual([]);
  expect(new Set(aliases).size).toBe(aliases.length);
});

test("objects merge, lists and single values replace, null removes; detection and aliases are not inherited", () => {
  const own = folder({
    mine: "extends: cisco_ios\nonOpen: [a]\nmodes:\n  tclsh: null\n  privileged: { to: { tclsh: null } }\n",
  });
  const platform = new PlatformLibrary([BUILT_IN, own]).find("mine");
  expect(platform?.onOpen).toEqual(["a"]);
  expect(Object.keys(platform?.modes ?? {})).toEqual(["exec", "privileged", "config"]);
  expect(platform?.modes.privileged?.to).toMatchObject({ config: "configure terminal" });
  expect(platform).toMatchObject({ aliases: [], detect: [] });
});

test("a file of the same name in a later folder may extend the one that it replaces", () => {
  const own = folder({ cisco_ios: "extends: cisco_ios\nhostnameLimit: 30\n" });
  const platform = new PlatformLibrary([BUILT_IN, own]).find("cisco_ios");
  expect(platform).toMatchObject({ hostnameLimit: 30, save: { send: "write mem" } });
});

test("a circle of extends and an unknown base are named", () => {
  const own = folder({ a: "extends: b\n", b: "extends: a\n", c: "extends: nowhere\n" });
  const library = new PlatformLibrary([own]);
  expect(() => library.find("a")).toThrow(/a circle/);
  expect(() => library.find("c")).toThrow(/c\.yaml extends nowhere, which does not exist/);
});
