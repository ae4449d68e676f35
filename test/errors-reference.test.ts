import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("docs/reference/errors.md has a section for every code of the catalogue, and no other", () => {
  const script = join(import.meta.dirname, "..", "scripts", "generate-errors-reference.ts");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect({ status, said: stdout + stderr }).toEqual({
    status: 0,
    said: "docs/reference/errors.md is current\n",
  });
});
