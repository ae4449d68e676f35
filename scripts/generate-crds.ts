/** Writes `crds/` from the zod schemas; with `--check` it only says whether the files are current. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import { customResourceDefinition } from "../src/api/crd.ts";
import { GROUP, kinds } from "../src/api/index.ts";

const folder = new URL("../crds/", import.meta.url);
const check = process.argv.includes("--check");
const wanted = new Map(
  kinds.map((kind) => [
    `${GROUP}_${kind.plural}.yaml`,
    `# Generated from src/api by npm run generate. Do not edit.\n${stringify(customResourceDefinition(kind), { lineWidth: 0, aliasDuplicateObjects: false })}`,
  ]),
);

const stale: string[] = [];
for (const [file, content] of wanted) {
  const url = new URL(file, folder);
  const present = await readFile(url, "utf8").catch(() => "");
  if (present === content) continue;
  stale.push(file);
  if (!check) await writeFile(url, content);
}
const surplus = (await readdir(folder)).filter((file) => !wanted.has(file));
if (check && (stale.length > 0 || surplus.length > 0)) {
  console.error(`crds/ is not current (${[...stale, ...surplus].join(", ")}): run npm run generate`);
  process.exitCode = 1;
} else console.log(stale.length === 0 ? "crds/ is current" : `crds/: wrote ${stale.join(", ")}`);
