import { z } from "zod";
import { CommandRefused, runGetter } from "../../../../plugins/drivers/napalm/getter.ts";
import { readJsonLines } from "../records.ts";
import type { CaseOutcome, ConformanceCase } from "../suite.ts";
import { type GetterAdapter, getterAdapters, getterOf } from "./adapters.ts";

const PLATFORMS = ["eos", "ios", "iosxr", "iosxr_netconf", "junos", "nxos", "nxos_ssh"];

const record = z.looseObject({
  driver: z.string(),
  getter: z.string(),
  case: z.string(),
  calls: z.array(
    z.looseObject({
      method: z.string(),
      args: z.array(z.unknown()),
      kwargs: z.record(z.string(), z.unknown()),
    }),
  ),
  requests: z.array(z.looseObject({ response: z.unknown().optional() })),
  expected_result: z.unknown(),
  now: z.number(),
  optional_args: z.record(z.string(), z.unknown()).default({}),
});
type Recorded = z.infer<typeof record>;

/** Getters over recorded replies. */
export function* getterCases(folder: string): Generator<ConformanceCase> {
  for (const platform of PLATFORMS) {
    const file = `${platform}.jsonl`;
    for (const one of readJsonLines(folder, file, record)) {
      yield { id: `${platform} ${one.getter} ${one.case}`, file, run: () => run(one) };
    }
  }
}

async function run(one: Recorded): Promise<CaseOutcome> {
  const adapter = getterAdapters[one.driver];
  if (!adapter) throw new Error(`there is no platform ${one.driver}`);
  const ask = answersOf(one, adapter);
  const results: unknown[] = [];
  for (const { method, args, kwargs } of one.calls) {
    if (method === "is_alive") {
      // Recorded of a session that was open; whether it is, only a session can tell.
      results.push({ is_alive: true });
      continue;
    }
    const getter = getterOf(adapter, method);
    if (!getter) throw new Error(`${one.driver} has no ${method}`);
    const named = args.length > 0 ? { ...kwargs, destination: args[0] } : kwargs;
    results.push(await runGetter(getter, { args: named, now: one.now, settings: one.optional_args }, ask));
  }
  const got = one.getter === "get_config_sanitized_filtered" ? merged(results) : results.at(-1);
  const expected = one.expected_result;
  return { passed: matches(expected, JSON.parse(JSON.stringify(got))), expected, got };
}

/** Recorded replies by request; a request asked again gets the next one, and the last one stays. */
function answersOf(one: Recorded, adapter: GetterAdapter): (request: unknown) => Promise<unknown> {
  const left = [...one.requests, ...(adapter.further?.(one) ?? [])];
  return async (request) => {
    const found = left.filter((recorded) => adapter.matches(request, recorded));
    const [first] = found;
    if (!first) throw new CommandRefused(`not recorded: ${JSON.stringify(request)}`);
    if (found.length > 1) left.splice(left.indexOf(first), 1);
    return adapter.reply(first, request);
  };
}

/** The running configuration of the first call and the startup configuration of the second. */
function merged([first, second]: readonly unknown[]): unknown {
  const config = z.looseObject({ running: z.string(), startup: z.string() });
  return { ...config.parse(first), startup: config.parse(second).startup };
}

/** Equal, where `"..."` stands for anything. */
function matches(expected: unknown, got: unknown): boolean {
  if (expected === "...") return true;
  if (Array.isArray(expected))
    return (
      Array.isArray(got) && got.length === expected.length && expected.every((one, i) => matches(one, got[i]))
    );
  if (typeof expected !== "object" || expected === null) return expected === got;
  if (typeof got !== "object" || got === null) return false;
  const entries = Object.entries(expected);
  const actual = new Map(Object.entries(got));
  return (
    entries.length === actual.size &&
    entries.every(([key, one]) => actual.has(key) && matches(one, actual.get(key)))
  );
}
