/**
 * Writes config/config.yaml and docs/reference/configuration.md from the schema. With --check it writes nothing and exits
 * with 1 when one of them is not what it would write.
 *
 *     node scripts/generate-configuration-reference.ts [--check]
 */
import { readFileSync, writeFileSync } from "node:fs";
import { defaultFile } from "../src/config/default-file.ts";
import { pluginSectionKeys } from "../src/config/plugin-sections.ts";
import { configKeys } from "../src/config/reference.ts";
import { referencePage } from "../src/config/reference-page.ts";
import { BUILT_IN_PLUGINS } from "../src/plugin/registry.ts";

const keys = configKeys();
const files = {
  "config/config.yaml": defaultFile(keys),
  "docs/reference/configuration.md": referencePage(keys, await pluginSectionKeys(BUILT_IN_PLUGINS)),
};

for (const [name, content] of Object.entries(files)) {
  const url = new URL(`../${name}`, import.meta.url);
  if (!process.argv.includes("--check")) {
    writeFileSync(url, content);
  } else if (content !== read(url)) {
    console.error(`${name} is not current: run node scripts/generate-configuration-reference.ts`);
    process.exitCode = 1;
  }
}

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, "utf8");
  } catch {
    return undefined;
  }
}
