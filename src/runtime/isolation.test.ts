import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the runtime imports nothing from the rest of the project", async () => {
  const folder = import.meta.dirname;
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
  expect(files).toContain("index.ts");
  for (const file of files) {
    const source = await readFile(join(folder, file), "utf8");
    for (const [, target = ""] of source.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) {
      expect(join(folder, file, "..", target), `${file} imports ${target}`).toContain(`${folder}/`);
    }
  }
});
