import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { layOutMounts } from "./mounts.ts";

test("a folder above several mounts has all of them, and is known for paths of two names or more", () => {
  const folder = mkdtempSync(join(tmpdir(), "mounts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const volume = (name: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "password"), name);
    return join(folder, name);
  };
  const { parents } = layOutMounts(
    join(folder, "root"),
    new Map([
      ["/etc/netpulse/credentials/a", volume("a")],
      ["/etc/netpulse/credentials/b", volume("b")],
      ["/etc/netpulse/credentials/a/nested", volume("nested")],
    ]),
  );
  const credentials = parents.get("/etc/netpulse/credentials") ?? "";

  expect(readdirSync(credentials)).toEqual(["a", "b"]);
  expect(readFileSync(join(credentials, "b", "password"), "utf8")).toBe("b");
  expect(parents.has("/etc/netpulse")).toBe(true);
  expect(parents.has("/etc")).toBe(false);
});
