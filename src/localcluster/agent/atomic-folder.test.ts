import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { writeAtomically } from "./atomic-folder.ts";

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "atomic-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const content = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));

const visible = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => !name.startsWith(".."))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

test("files are seen through links by way of ..data", () => {
  const folder = folderOfTest();
  writeAtomically(folder, content({ password: "one" }), "1");

  expect(readFileSync(join(folder, "password"), "utf8")).toBe("one");
  expect(readlinkSync(join(folder, "password"))).toBe("..data/password");
  expect(readlinkSync(join(folder, "..data"))).toBe("..1");
});

test("a change swaps ..data and leaves nothing of the old content", () => {
  const folder = folderOfTest();
  writeAtomically(folder, content({ a: "1", b: "1" }), "1");
  writeAtomically(folder, content({ b: "2", c: "2" }), "2");

  expect(visible(folder)).toEqual({ b: "2", c: "2" });
  expect(readlinkSync(join(folder, "..data"))).toBe("..2");
  expect(existsSync(join(folder, "..1"))).toBe(false);
});

test("a path with folders is seen under its first one", () => {
  const folder = folderOfTest();
  writeAtomically(folder, content({ "deep/er/file": "x" }), "1");

  expect(readFileSync(join(folder, "deep", "er", "file"), "utf8")).toBe("x");
});

test("after any sequence of changes the folder shows exactly the last content", () => {
  const files = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.string());
  fc.assert(
    fc.property(fc.array(files, { minLength: 1, maxLength: 6 }), (versions) => {
      const folder = mkdtempSync(join(tmpdir(), "atomic-"));
      versions.forEach((version, index) => {
        writeAtomically(folder, content(version), String(index));
      });
      const shown = visible(folder);
      rmSync(folder, { recursive: true });
      expect(shown).toEqual({ ...versions.at(-1) });
    }),
    { numRuns: 50 },
  );
});
