import { z } from "zod";
import { detect } from "../../../../plugins/drivers/netmiko/detect.ts";
import { PlatformLibrary } from "../../../../plugins/drivers/netmiko/platforms.ts";
import { readJsonLines } from "../records.ts";
import type { ConformanceCase } from "../suite.ts";

const detection = z.looseObject({
  id: z.string(),
  outputs: z.record(z.string(), z.string()),
  default: z.string(),
  remote_version: z.string(),
  banner: z.string(),
  expected: z.string().nullable(),
  true_type: z.string().nullable(),
});

const FILE = "autodetect.jsonl";

/**
 * Detection on recorded answers, as the device would give them one by one. Right is Netmiko's answer or what the sample really came
 * from, never a third.
 */
export function* detectionCases(folder: string): Generator<ConformanceCase> {
  const platforms = new PlatformLibrary().detectable();
  for (const record of readJsonLines(folder, FILE, detection)) {
    yield {
      id: record.id,
      file: FILE,
      run: async () => {
        const seen = { serverVersion: record.remote_version, banner: record.banner, prompt: "" };
        const ask = (command: string) => Promise.resolve(record.outputs[command] ?? record.default);
        const got = (await detect(platforms, seen, ask)) ?? null;
        const expected = record.expected;
        const right = got === expected || (got !== null && got === record.true_type);
        return { passed: right, expected, got };
      },
    };
  }
}
