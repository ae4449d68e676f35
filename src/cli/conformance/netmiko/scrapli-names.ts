import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const names = z.record(
  z.string(),
  z.strictObject({
    platform: z.string().optional(),
    modes: z.record(z.string(), z.array(z.string())).default({}),
  }),
);

/** How scrapli's platforms and modes are called here. */
export type ScrapliNames = z.output<typeof names>;

const USUAL: Readonly<Record<string, string>> = { privileged_exec: "privileged", configuration: "config" };

export function scrapliNames(): ScrapliNames {
  return names.parse(parse(readFileSync(join(import.meta.dirname, "scrapli-names.yaml"), "utf8")));
}

/** Our names of a mode of scrapli: any of them is right. */
export function modesCalled(called: ScrapliNames[string], mode: string): readonly string[] {
  return called.modes[mode] ?? [USUAL[mode] ?? mode];
}
