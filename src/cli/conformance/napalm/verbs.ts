import { z } from "zod";
import type { ConfigVerbs } from "../../../../plugins/drivers/napalm/config-verbs.ts";
import { type Deviation, readDeviations } from "../../../../plugins/drivers/napalm/deviations.ts";
import { runPlan } from "../../../../plugins/drivers/napalm/plan.ts";
import { readJsonLines } from "../records.ts";
import type { CaseOutcome, ConformanceCase } from "../suite.ts";
import { type VerbAdapter, verbAdapters, verbsOf } from "./verb-adapters.ts";

const FILE = "config_ops.jsonl";

const exchange = z.record(z.string(), z.unknown());
const invocation = z.looseObject({
  method: z.string(),
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
});
const step = z.looseObject({
  invoke: invocation,
  to_device: z.array(exchange),
  returned: z.unknown().optional(),
  raised: z.string().optional(),
});
const scenario = z.looseObject({
  scenario: z.string(),
  optional_args: z.record(z.string(), z.unknown()).default({}),
  initial_state: z.record(z.string(), z.unknown()).default({}),
  steps: z.array(step),
});
const record = z.looseObject({ file: z.string(), data: z.array(scenario) });

/** Whole dialogues of load, compare, commit, confirm, discard and rollback. */
export function* verbCases(folder: string): Generator<ConformanceCase> {
  const deviations = readDeviations();
  for (const { file, data } of readJsonLines(folder, FILE, record)) {
    const platform = file.replace(/\.json$/, "");
    for (const one of data) {
      yield {
        id: `${platform} ${one.scenario}`,
        file: `${FILE} ${file}`,
        run: () =>
          runScenario(
            platform,
            one,
            deviations.filter((deviation) => deviation.platform === platform),
          ),
      };
    }
  }
}

async function runScenario(
  platform: string,
  one: z.infer<typeof scenario>,
  deviations: readonly Deviation[],
): Promise<CaseOutcome> {
  const adapter = verbAdapters[platform];
  if (!adapter) throw new Error(`there are no verbs of ${platform}`);
  const verbs = verbsOf(adapter, one);
  for (const [index, { invoke, to_device, returned, raised }] of one.steps.entries()) {
    const device = new RecordedDevice(adapter, to_device, deviations);
    const outcome = await run(verbs, invoke, device);
    const expected = { raised: raised !== undefined, returned: raised ? null : (returned ?? null) };
    const failure =
      device.problem ??
      device.left() ??
      (JSON.stringify(outcome.result) === JSON.stringify(expected) ? undefined : outcome);
    if (failure !== undefined)
      return { passed: false, expected: { step: index, invoke, ...expected }, got: failure };
  }
  return { passed: true, expected: null, got: null };
}

async function run(
  verbs: ConfigVerbs<unknown, unknown>,
  { method, args, kwargs }: z.infer<typeof invocation>,
  device: RecordedDevice,
): Promise<{ result: { raised: boolean; returned: unknown }; error?: string }> {
  try {
    const returned = await runPlan<unknown, unknown, unknown>(
      planOf(verbs, method, args, kwargs),
      (request) => device.answer(request),
    );
    return { result: { raised: false, returned: returned ?? null } };
  } catch (error) {
    return { result: { raised: true, returned: null }, error: String(error) };
  }
}

function planOf(
  verbs: ConfigVerbs<unknown, unknown>,
  method: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
) {
  const config = String(kwargs.config ?? args[0] ?? "");
  switch (method) {
    case "load_merge_candidate":
    case "load_replace_candidate":
      return verbs[method](config);
    case "commit_config":
      return verbs.commit_config({
        ...(typeof kwargs.message === "string" && { message: kwargs.message }),
        ...(typeof kwargs.revert_in === "number" && { revertIn: kwargs.revert_in }),
      });
    case "compare_config":
    case "confirm_commit":
    case "has_pending_commit":
    case "discard_config":
    case "rollback":
    case "close":
      return verbs[method]();
    default:
      throw new Error(`there is no verb ${method}`);
  }
}

/** Answers one verb in the recorded order. Exchanges that deviate on purpose are excused; any other is a problem. */
class RecordedDevice {
  problem: unknown;
  readonly #adapter: VerbAdapter;
  readonly #left: Record<string, unknown>[];
  readonly #stops: readonly RegExp[];
  #stopped = false;
  readonly #besides: { readonly pattern: RegExp; readonly reply: unknown }[];

  constructor(
    adapter: VerbAdapter,
    recorded: readonly Readonly<Record<string, unknown>>[],
    deviations: readonly Deviation[],
  ) {
    this.#adapter = adapter;
    this.#left = recorded.flatMap((each) => excused(each, deviations));
    this.#stops = deviations.flatMap(({ stops }) => (stops === undefined ? [] : [new RegExp(stops)]));
    this.#besides = deviations.flatMap(({ besides }) =>
      besides ? [{ pattern: new RegExp(besides.exchange), reply: besides.reply }] : [],
    );
  }

  async answer(request: unknown): Promise<unknown> {
    const [next] = this.#left;
    if (next && this.#adapter.matches(request, next)) {
      this.#left.shift();
      this.#stopped = this.#stops.some((pattern) => pattern.test(JSON.stringify(next)));
      return this.#adapter.reply(next, request);
    }
    const besides = this.#besides.find(({ pattern }) => pattern.test(JSON.stringify(request)));
    if (besides) return besides.reply;
    this.problem ??= { sent: request, recorded: next ?? "nothing more" };
    throw new Error("not recorded");
  }

  /** What the verb should have sent and did not. */
  left(): unknown {
    return this.#left.length > 0 && !this.#stopped ? { notSent: this.#left } : undefined;
  }
}

function excused(
  recorded: Readonly<Record<string, unknown>>,
  deviations: readonly Deviation[],
): Record<string, unknown>[] {
  let text = JSON.stringify(recorded);
  for (const { instead, without } of deviations) {
    if (without !== undefined && new RegExp(without).test(text)) return [];
    if (instead) text = text.replaceAll(instead.theirs, instead.ours);
  }
  return [exchange.parse(JSON.parse(text))];
}
