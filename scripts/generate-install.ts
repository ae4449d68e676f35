/**
 * Writes `manifests/install.yaml`, everything that a cluster needs in one file: the definitions in `crds/` and what
 * `manifests/base/kustomization.yaml` lists. With `--check` it only says whether the file is current. Works without a network
 * and without kubectl.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments, stringify } from "yaml";
import { z } from "zod";

const project = join(import.meta.dirname, "..");
const base = join(project, "manifests", "base");
const target = join(project, "manifests", "install.yaml");

// A kustomization that used more than this would be rendered wrongly here, so it is refused.
const kustomization = z
  .strictObject({ apiVersion: z.string(), kind: z.literal("Kustomization"), resources: z.array(z.string()) })
  .parse(parse(readFileSync(join(base, "kustomization.yaml"), "utf8")));

const definitions = readdirSync(join(project, "crds"))
  .filter((name) => name.endsWith(".yaml"))
  .toSorted()
  .map((name) => join(project, "crds", name));

const documents = [...definitions, ...kustomization.resources.map((name) => join(base, name))].flatMap(
  (path) =>
    parseAllDocuments(readFileSync(path, "utf8")).map((document) =>
      stringify(document.toJS(), { lineWidth: 0, aliasDuplicateObjects: false }),
    ),
);
const wanted = `# Generated from crds/ and manifests/base by npm run generate. Do not edit.\n${documents.join("---\n")}`;

if (present() === wanted) console.log("manifests/install.yaml is current");
else if (process.argv.includes("--check")) {
  console.error("manifests/install.yaml is not current: run npm run generate");
  process.exitCode = 1;
} else {
  writeFileSync(target, wanted);
  console.log("wrote manifests/install.yaml");
}

function present(): string | undefined {
  try {
    return readFileSync(target, "utf8");
  } catch {
    return undefined;
  }
}
