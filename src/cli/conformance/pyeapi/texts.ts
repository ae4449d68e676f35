import { z } from "zod";
import { parseEapiConf } from "../../../../plugins/drivers/pyeapi/eapi-conf.ts";
import { collapseRange, expandRange } from "../../../../plugins/drivers/pyeapi/ranges.ts";
import { ArgumentError } from "../../../device/eapi/argument-error.ts";
import { CliVariants } from "../../../device/eapi/cli-variants.ts";
import { EapiNode } from "../../../device/eapi/node.ts";
import { readJson } from "../records.ts";
import { type ConformanceCase, compare, compareUnordered } from "../suite.ts";

const sections = z.array(
  z.looseObject({
    fixture: z.string().optional(),
    text: z.string().optional(),
    regex: z.string(),
    returned: z.string().optional(),
    raised: z.string().optional(),
  }),
);

/** Sections of configurations by a pattern of their heading. */
export function* sectionCases(folder: string): Generator<ConformanceCase> {
  const file = "section.json";
  const fixtures = readJson(folder, "fixtures.json", z.record(z.string(), z.unknown())) ?? {};
  for (const [index, one] of (readJson(folder, file, sections) ?? []).entries()) {
    const text = one.text ?? String(fixtures[one.fixture ?? ""]);
    yield {
      id: `${index} ${one.regex}`,
      file,
      run: async () => compare(one.returned ?? null, await sectionOf(text, one.regex)),
    };
  }
}

async function sectionOf(text: string, regex: string): Promise<string | null> {
  const node = new EapiNode(() => Promise.resolve([]), {});
  try {
    return await node.section(new RegExp(regex), text);
  } catch (error) {
    if (error instanceof ArgumentError) return null;
    throw error;
  }
}

const calls = z.array(z.looseObject({ fn: z.string(), args: z.array(z.unknown()), expected: z.unknown() }));

/** Ranges of numbers and variants of commands. */
export function* functionCases(folder: string): Generator<ConformanceCase> {
  const file = "utils.json";
  for (const [index, one] of (readJson(folder, file, calls) ?? []).entries()) {
    yield {
      id: `${index} ${one.fn}`,
      file,
      run: () => compare(one.expected, callFunction(one.fn, one.args)),
    };
  }
}

function callFunction(name: string, args: readonly unknown[]): unknown {
  const [first, separator, dash] = args as (string | undefined)[];
  if (name === "expand_range") return expandRange(String(first), separator, dash);
  if (name === "collapse_range") return collapseRange(String(first), separator, dash);
  return CliVariants.expand((args[0] as unknown[]).map(asCommand));
}

function asCommand(item: unknown): string | CliVariants {
  if (typeof item === "string") return item;
  const { cli_variants } = item as { readonly cli_variants: readonly (string | string[])[] };
  return new CliVariants(...cli_variants);
}

const conf = z.looseObject({
  cases: z.array(
    z.looseObject({
      file: z.string(),
      text: z.string(),
      sections: z.record(z.string(), z.record(z.string(), z.string())),
      connections: z.array(z.string()),
      tags: z.record(z.string(), z.array(z.string())),
    }),
  ),
});

/** Connections and tags of `eapi.conf` files. */
export function* confCases(folder: string): Generator<ConformanceCase> {
  const file = "eapi_conf.json";
  for (const one of readJson(folder, file, conf)?.cases ?? []) {
    const expected = { sections: one.sections, connections: one.connections, tags: one.tags };
    yield {
      id: one.file,
      file,
      run: () => {
        const { connections, tags } = parseEapiConf(one.text);
        const named = [...connections].map(([name, settings]) => [`connection:${name}`, settings]);
        return compareUnordered(expected, {
          sections: Object.fromEntries(named),
          connections: [...connections.keys()],
          tags: Object.fromEntries(tags),
        });
      },
    };
  }
}
