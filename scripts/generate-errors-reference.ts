/** Writes `docs/reference/errors.md` from the tables in `src/errors`; with `--check` it only says whether the page is current. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { type ErrorDefinition, NetPulseError } from "../src/errors/define.ts";

const folder = new URL("../src/errors/", import.meta.url);
const page = new URL("../docs/reference/errors.md", import.meta.url);

const RETRIES: Readonly<Record<ErrorDefinition<never>["retry"], string>> = {
  never: "no",
  sameSession: "yes, on the same session",
  newSession: "yes, on a new session",
};

type Definitions = Readonly<Record<string, ErrorDefinition<never>>>;

/** All rows of the catalogue, by code. */
async function catalogue(): Promise<Map<string, ErrorDefinition<never>>> {
  const rows = new Map<string, ErrorDefinition<never>>();
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  for (const file of files.toSorted()) {
    const module: Record<string, unknown> = await import(new URL(file, folder).href);
    for (const exported of Object.values(module)) {
      if (typeof exported !== "object" || exported === null || exported instanceof NetPulseError) continue;
      if (!("definitions" in exported)) continue;
      for (const [code, row] of Object.entries(exported.definitions as Definitions)) {
        if (rows.has(code) && rows.get(code) !== row) throw new Error(`the code ${code} is defined twice`);
        rows.set(code, row);
      }
    }
  }
  return rows;
}

function render(rows: ReadonlyMap<string, ErrorDefinition<never>>): string {
  const sections = [...rows]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { when, remedy, retry }]) =>
        `<a id="${code}"></a>\n\n## ${code}\n\n${when}\n\n**What to do:** ${remedy}\n\n**Tried again within \`backoffLimit\`:** ${RETRIES[retry]}\n`,
    );
  return `<!-- Generated from src/errors by npm run generate. Do not edit. -->

# Errors

Each failure has a code. It stands as the reason of a condition or of a device's result, in metrics, and as an anchor on this
page.

${sections.join("\n")}`;
}

const wanted = render(await catalogue());
const present = await readFile(page, "utf8").catch(() => "");
if (present === wanted) console.log("docs/reference/errors.md is current");
else if (process.argv.includes("--check")) {
  console.error("docs/reference/errors.md is not current: run npm run generate");
  process.exitCode = 1;
} else {
  await writeFile(page, wanted);
  console.log("wrote docs/reference/errors.md");
}
