import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { re } from "../../../../src/python/index.ts";

/** A configuration without its secrets: each is replaced by `<removed>`. Patterns stand in `secrets.yaml`. */
export function withoutSecrets(config: string, platform: keyof typeof FILTERS): string {
  return FILTERS[platform].reduce((text, { pattern, replacement }) => pattern.sub(replacement, text), config);
}

const filter = z
  .strictObject({ pattern: z.string(), replacement: z.string() })
  .transform(({ pattern, replacement }) => ({ pattern: re.compile(pattern, re.MULTILINE), replacement }));

const own = z
  .strictObject({ cisco: z.array(filter), eos: z.array(filter), junos: z.array(filter) })
  .parse(parse(readFileSync(join(import.meta.dirname, "secrets.yaml"), "utf8")));

const FILTERS = { cisco: own.cisco, eos: [...own.cisco, ...own.eos], junos: own.junos };
