import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import {
  type DeviceTypes,
  type FakeDevice,
  parseOptions,
  startFakeDevice,
} from "../../../../test/fake-device/index.ts";
import { NetPulseError } from "../../../errors/define.ts";
import { readJsonLines } from "../records.ts";
import type { CaseOutcome, ConformanceCase } from "../suite.ts";
import { briefly, callDriver, connect, type OpenSession } from "./driver-calls.ts";
import { candidateWays } from "./excuses.ts";
import { judge } from "./fault-rules.ts";
import { platformOf } from "./platforms.ts";

const call = z.looseObject({
  method: z.string(),
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
  on_error: z.string().optional(),
});

const scenario = z.looseObject({
  scenario: z.string(),
  fake_device: z.looseObject({ device_type: z.string(), options: z.record(z.string(), z.string()) }),
  connect: z.looseObject({ kwargs: z.record(z.string(), z.unknown()) }),
  calls: z.array(call),
  faults: z.array(z.looseObject({ action: z.string() })),
  result_of: z.number().nullable(),
  result_transform: z.string().nullish(),
  result: z.string().optional(),
  result_full: z.string().optional(),
  raised: z.string().optional(),
});

type Scenario = z.output<typeof scenario>;
type Call = z.output<typeof call>;

const FILE = "robustness.jsonl";
const SCENARIO_MS = 60_000;
/** The longest silence that a scenario expects to be sat out is 12 s. */
const READ_TIMEOUT_SECONDS = 13;

/** Awkward devices: never worse than Netmiko, and right where the rule of the fault says what is right. */
export function* robustnessCases(folder: string, types: DeviceTypes): Generator<ConformanceCase> {
  for (const record of readJsonLines(folder, FILE, scenario)) {
    yield { id: record.scenario, file: FILE, run: () => play(record, types) };
  }
}

async function play(record: Scenario, types: DeviceTypes): Promise<CaseOutcome> {
  const { device_type: type, options } = record.fake_device;
  const given = Object.entries(options).map(([key, value]) => `${key}=${value}`);
  await using device = await startFakeDevice(types, type, {
    ...parseOptions(given.join(",")),
    configCommands: [...candidateWays(platformOf(type))],
  });
  const ours = await outcomeOf(record, device);
  const original = {
    ...(record.raised !== undefined && { raised: record.raised }),
    result: record.result_full ?? record.result,
  };
  const actions = record.faults.map((fault) => fault.action);
  return { passed: judge(actions, original, ours), expected: original, got: ours };
}

/** What a scenario came to: the value of the call that it asks about, or the code of the error that ended it. */
async function outcomeOf(
  record: Scenario,
  device: FakeDevice,
): Promise<{ result?: unknown; raised?: string }> {
  const context = briefly(SCENARIO_MS);
  const kwargs = { read_timeout: READ_TIMEOUT_SECONDS, ...withoutMarks(record.connect.kwargs) };
  let open: OpenSession | undefined;
  try {
    open = await connect(kwargs, device.port, context);
    const values: unknown[] = [];
    for (const one of record.calls) {
      open = await inStep(open, () => connect(kwargs, device.port, context));
      values.push(await callValue(open, one));
    }
    return { result: transformed(record, values[record.result_of ?? 0]) };
  } catch (error) {
    if (error instanceof NetPulseError) return { raised: error.code };
    throw error;
  } finally {
    open?.session.abort();
  }
}

async function callValue(open: OpenSession, one: Call): Promise<unknown> {
  const context = briefly(SCENARIO_MS);
  if (one.method === "sleep") return delay(Number(one.args[0]) * 1000);
  if (one.method === "autodetect") return open.session.cli.platform.name;
  try {
    return await callDriver(open, one, context);
  } catch (error) {
    if (one.on_error?.startsWith("swallow") && error instanceof NetPulseError) return error.code;
    throw error;
  }
}

/** What a worker does with a session that lost step: proves it, or opens another. */
async function inStep(open: OpenSession, reopen: () => Promise<OpenSession>): Promise<OpenSession> {
  const { driver, session } = open;
  if (!session.cli.channel.outOfStep && !session.cli.channel.isClosed) return open;
  if (await driver.resynchronise(session, briefly(SCENARIO_MS))) return open;
  session.abort();
  return reopen();
}

function transformed(record: Scenario, value: unknown): unknown {
  const text = /^'(.*)' \+ str\(value\)$/.exec(record.result_transform ?? "")?.[1];
  if (text === undefined) return value;
  return text + (typeof value === "boolean" ? (value ? "True" : "False") : String(value));
}

function withoutMarks(kwargs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).filter(([key]) => !key.startsWith("__")));
}
