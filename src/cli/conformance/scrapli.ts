import { z } from "zod";
import { Prompts } from "../../../plugins/drivers/netmiko/prompts.ts";
import { jsRegExp } from "./netmiko/pcre.ts";
import { platformOf } from "./netmiko/platforms.ts";
import { modesCalled, type ScrapliNames, scrapliNames } from "./netmiko/scrapli-names.ts";
import { readJson, readJsonLines } from "./records.ts";
import { type ConformanceCase, type ConformanceSuite, compare } from "./suite.ts";

const mode = z.looseObject({
  name: z.string(),
  prompt_pattern: z.string(),
  prompt_excludes: z.array(z.string()).nullish(),
});
const definition = z.looseObject({ prompt_pattern: z.string(), modes: z.array(mode) });
const prompt = z.looseObject({
  platform: z.string(),
  id: z.string(),
  mode: z.string(),
  prompt: z.string(),
  global_matches: z.boolean(),
  all_matching_modes: z.array(z.string()),
});
type Definition = z.output<typeof definition>;
type Prompt = z.output<typeof prompt>;

const FILE = "prompts.jsonl";

/** Recorded prompts: their modes by the given definitions, and by our own platform files. */
export const suite: ConformanceSuite = {
  name: "scrapli",
  *cases(folder) {
    const definitions = readJson(folder, "definitions.json", z.record(z.string(), definition));
    const ours = scrapliNames();
    for (const record of readJsonLines(folder, FILE, prompt)) {
      const given = definitions?.[record.platform];
      if (given) yield byDefinition(record, given);
      yield byPlatform(record, ours);
    }
  },
};

function byDefinition(record: Prompt, given: Definition): ConformanceCase {
  return {
    id: `${record.platform}/${record.id}`,
    file: `${FILE}, given definitions`,
    run: () => {
      const expected = { global: record.global_matches, modes: record.all_matching_modes };
      const modes = given.modes.filter((m) => {
        const excluded = (m.prompt_excludes ?? []).some((text) => record.prompt.includes(text));
        return !excluded && jsRegExp(m.prompt_pattern).test(record.prompt);
      });
      return compare(expected, {
        global: jsRegExp(given.prompt_pattern).test(record.prompt),
        modes: modes.map((m) => m.name),
      });
    },
  };
}

function byPlatform(record: Prompt, ours: ScrapliNames): ConformanceCase {
  return {
    id: `${record.platform}/${record.id}`,
    file: `${FILE}, own platforms`,
    run: () => {
      const called = ours[record.platform];
      if (!called) return { passed: false, expected: "a platform", got: `no name for ${record.platform}` };
      const platform = platformOf(called.platform ?? record.platform);
      const right = new Set(
        [record.mode, ...record.all_matching_modes].flatMap((m) => modesCalled(called, m)),
      );
      const got = new Prompts(platform).recognise(record.prompt, undefined, undefined)?.mode ?? null;
      return { passed: got !== null && right.has(got), expected: [...right], got };
    },
  };
}
