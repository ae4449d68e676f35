import { z } from "zod";
import { callMethod } from "../../../../plugins/drivers/pyeapi/api/method.ts";
import { ArgumentError } from "../../../device/eapi/argument-error.ts";
import { CliVariants } from "../../../device/eapi/cli-variants.ts";
import type { ConfigCommand } from "../../../device/eapi/node.ts";
import { EapiNode } from "../../../device/eapi/node.ts";
import { readJson, readJsonLines } from "../records.ts";
import { type CaseOutcome, type ConformanceCase, compareUnordered } from "../suite.ts";
import { moduleOf } from "./classes.ts";

const FILE = "api_modules.jsonl";

const record = z.looseObject({
  module: z.string(),
  class: z.string(),
  method: z.string(),
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
  running_config: z.union([z.string(), z.strictObject({ text: z.string() })]),
  version_number: z.string(),
  config_calls: z.array(z.unknown()),
  enable_response: z.array(z.looseObject({ result: z.unknown() })).optional(),
  returned: z.unknown().optional(),
  raised: z.string().optional(),
});
type Call = z.output<typeof record>;

/** Calls of API modules: what they configure and what they return. */
export function* callCases(folder: string): Generator<ConformanceCase> {
  const fixtures = readJson(folder, "fixtures.json", z.record(z.string(), z.unknown())) ?? {};
  let number = 0;
  for (const call of readJsonLines(folder, FILE, record)) {
    number++;
    const id = `${number} ${call.class}.${call.method}`;
    yield { id, file: FILE, run: () => run(call, fixtures) };
  }
}

async function run(call: Call, fixtures: Readonly<Record<string, unknown>>): Promise<CaseOutcome> {
  const config =
    typeof call.running_config === "string"
      ? String(fixtures[call.running_config])
      : call.running_config.text;
  const node = new RecordingNode(config, call);
  const expected = {
    ...(call.raised === undefined ? { returned: call.returned } : { raised: true }),
    configured: inOrder(call, call.config_calls.map(asList)),
  };
  let got: Record<string, unknown>;
  try {
    got = { returned: await invoke(node, call) };
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    got = { raised: true, message: error.message };
  }
  const { message, ...compared } = { message: undefined, ...got, configured: inOrder(call, node.configured) };
  const outcome = compareUnordered(expected, compared);
  return message === undefined ? outcome : { ...outcome, got: { ...got, configured: node.configured } };
}

/** pyeapi's `marshall` is how it finds the method of an interface's or access list's kind. */
function invoke(node: EapiNode, call: Call): Promise<unknown> {
  const [name, args] =
    call.method === "marshall" ? [String(call.args[0]), call.args.slice(1)] : [call.method, call.args];
  const method = moduleOf(call.module, call.class)?.[name];
  if (!method) throw new ArgumentError(`there is no method ${name}`);
  return callMethod(node, method, args, call.kwargs);
}

/** A device with a fixed running configuration that takes every command. */
class RecordingNode extends EapiNode {
  readonly configured: unknown[][] = [];

  constructor(running: string, call: Call) {
    super((params) => Promise.resolve(answers(params.cmds, running, call)), {});
  }

  override configure(commands: readonly ConfigCommand[]): Promise<boolean> {
    this.configured.push(commands.map(asRecorded));
    return Promise.resolve(true);
  }
}

function answers(commands: readonly unknown[], running: string, call: Call): unknown[] {
  return commands.map((command) => {
    if (command === "show version") return { version: call.version_number, modelName: "vEOS" };
    if (String(command).startsWith("show running-config")) return { output: running };
    return call.enable_response?.[0]?.result ?? {};
  });
}

/** Where Python goes through a set, the order of what it configures is chance: such commands are compared sorted. */
const OF_SETS: ReadonlySet<string> = new Set([
  "set_addresses",
  "set_match_statements",
  "set_members",
  "set_set_statements",
  "set_trunk_groups",
]);

function inOrder(call: Call, configured: readonly unknown[][]): unknown[] {
  return OF_SETS.has(call.method) ? configured.flat().map(String).toSorted() : [...configured];
}

function asList(call: unknown): unknown[] {
  return Array.isArray(call) ? call : [call];
}

function asRecorded(command: ConfigCommand): unknown {
  if (!(command instanceof CliVariants)) return command;
  return { cli_variants: command.variants };
}
