import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Volumes } from "./volumes.ts";

function folders() {
  const base = mkdtempSync(join(tmpdir(), "netpulse-volumes-"));
  onTestFinished(() => rmSync(base, { recursive: true }));
  for (const name of ["volume", "beside"]) mkdirSync(join(base, name));
  writeFileSync(join(base, "beside", "secret"), "secret");
  writeFileSync(join(base, "volume", "file"), "content");
  symlinkSync(join(base, "beside"), join(base, "volume", "out"));
  symlinkSync("file", join(base, "volume", "alias"));
  const volumes = new Volumes({
    kept: { path: join(base, "volume"), writable: true },
    shown: { path: join(base, "volume"), writable: false },
    unmounted: { path: join(base, "nowhere"), writable: true },
  });
  return { base, volumes };
}

test("a file is found by volume and path, through links that stay inside", async () => {
  const { volumes } = folders();
  for (const path of ["file", "./file", "alias", "x/../file"])
    expect(readFileSync(await volumes.find({ name: "shown", path: path.replace("x/../", "") }), "utf8")).toBe(
      "content",
    );
});

test.each([
  ["a way up", "../beside/secret"],
  ["a way up from inside", "out/../../beside/secret"],
  ["an absolute path through a link", "out/secret"],
])("nothing outside is found: %s", async (_, path) => {
  const { volumes } = folders();
  await expect(volumes.find({ name: "kept", path })).rejects.toMatchObject({ code: "SourceNotAllowed" });
});

test.each([
  ["a way up", "../beside/new"],
  ["a link", "out/new"],
  ["a link below a new folder", "out/a/b/new"],
  ["the volume itself", "."],
])("nothing is written outside: %s", async (_, path) => {
  const { volumes, base } = folders();
  await expect(volumes.place({ name: "kept", path })).rejects.toMatchObject({ code: "SourceNotAllowed" });
  expect(() => readFileSync(join(base, "beside", "a"))).toThrow();
});

test("folders on the way to a file are made", async () => {
  const { volumes } = folders();
  const path = await volumes.place({ name: "kept", path: "r1/logs/x.log" });
  writeFileSync(path, "x");
  expect(readFileSync(await volumes.find({ name: "kept", path: "r1/logs/x.log" }), "utf8")).toBe("x");
});

test("what is missing, not writable or not configured is told apart", async () => {
  const { volumes } = folders();
  await expect(volumes.find({ name: "kept", path: "none" })).rejects.toMatchObject({
    code: "SourceNotFound",
  });
  await expect(volumes.find({ name: "unmounted", path: "x" })).rejects.toMatchObject({
    code: "SourceNotFound",
  });
  await expect(volumes.find({ name: "toString", path: "x" })).rejects.toMatchObject({
    code: "SourceNotAllowed",
  });
  await expect(volumes.place({ name: "shown", path: "x" })).rejects.toMatchObject({
    code: "SourceNotAllowed",
    message: expect.stringContaining("not writable"),
  });
});
