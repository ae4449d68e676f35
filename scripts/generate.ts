/** Makes every generated file of the project anew; with `--check` it only says whether they are current. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const generators = readdirSync(folder).filter(
  (file) => /^generate-.*\.ts$/.test(file) && !file.endsWith(".test.ts"),
);

let failed = false;
for (const generator of generators.toSorted()) {
  const { status } = spawnSync(process.execPath, [`${folder}${generator}`, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
