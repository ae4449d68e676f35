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
import { briefly, callDriver, connect } from "./driver-calls.ts";
import { candidateWays, comparable } from "./excuses.ts";
import { platformOf } from "./platforms.ts";

const call = z.looseObject({
  step: z.string(),
  method: z.string(),
  args: z.array(z.unknown()),
  kwargs: z.record(z.string(), z.unknown()),
});

const unsafe = z.looseObject({
  index: z.number(),
  line: z.string(),
  kind: z.string(),
  entered_by_save_config: z.boolean().optional(),
});

const dialogue = z.looseObject({
  device_type: z.string(),
  device_options: z.string(),
  steps: z.record(z.string(), z.looseObject({ ok: z.boolean(), out: z.unknown().optional() })),
  received: z.array(z.tuple([z.string(), z.string()])),
  calls: z.array(call),
  unsafe: z.array(unsafe),
});

type Dialogue = z.output<typeof dialogue>;

const FILE = "e2e.jsonl";
/** A fake device on the loopback answers at once; a session that has not ended by then is stuck. */
const SESSION_MS = 8000;

/** Whole sessions against the fake device: the lines that it received and what the show commands returned. */
export function* dialogueCases(folder: string, types: DeviceTypes): Generator<ConformanceCase> {
  for (const record of readJsonLines(folder, FILE, dialogue)) {
    // A session in which a step of the original failed says nothing about what is right.
    if (Object.values(record.steps).some((step) => !step.ok)) continue;
    yield { id: record.device_type, file: FILE, run: () => play(record, types) };
  }
}

async function play(record: Dialogue, types: DeviceTypes): Promise<CaseOutcome> {
  const platform = platformOf(record.device_type);
  await using device = await startFakeDevice(types, record.device_type, {
    ...parseOptions(record.device_options),
    configCommands: [...candidateWays(platform)],
  });
  const shown = await callsOf(record, device).catch((error: unknown) => String(error));

  const original = record.received.map(([, line]) => line);
  const ours = device.received().map((entry) => entry.line);
  const expected = {
    lines: comparable(platform, "netmiko", original, record.unsafe),
    shown: Object.fromEntries(showCalls(record).map((one) => [one.step, record.steps[one.step]?.out])),
  };
  const got = { lines: comparable(platform, "ours", ours, record.unsafe), shown };
  return { passed: JSON.stringify(expected) === JSON.stringify(got), expected, got };
}

async function callsOf(record: Dialogue, device: FakeDevice): Promise<Record<string, unknown>> {
  const context = briefly(SESSION_MS);
  const [opening, ...calls] = record.calls;
  const open = await connect(opening?.kwargs ?? {}, device.port, context);
  const shown: Record<string, unknown> = {};
  try {
    for (const one of calls) {
      const result = await callDriver(open, one, context).catch((error: unknown) => refusal(one, error));
      if (showCalls(record).includes(one))
        shown[one.step] = one.recorded === undefined ? result : String(String(result).length);
    }
    await device.settled(context.signal);
    return shown;
  } finally {
    open.session.abort();
  }
}

function showCalls(record: Dialogue): readonly z.output<typeof call>[] {
  return record.calls.filter((one) => one.method.startsWith("send_command"));
}

/** Netmiko's save does nothing where a platform has nothing to save; ours says so. */
function refusal(one: z.output<typeof call>, error: unknown): undefined {
  if (one.method === "save_config" && error instanceof NetPulseError && error.code === "NotImplemented")
    return;
  throw error;
}
