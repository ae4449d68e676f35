import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const texts = z.record(z.string(), z.string());
const values = z.record(z.string(), z.record(z.string(), z.unknown()));

/** What a simulated device of the lab answers as text, by command or request, from `replies/<platform>.yaml`. */
export function textsOf(platform: string): Record<string, string> {
  return texts.parse(read(platform));
}

/** What one answers as data. */
export function valuesOf(platform: string): Record<string, Record<string, unknown>> {
  return values.parse(read(platform));
}

function read(platform: string): unknown {
  return parse(readFileSync(new URL(`replies/${platform}.yaml`, import.meta.url), "utf8"));
}
