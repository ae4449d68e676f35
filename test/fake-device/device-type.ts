import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/*
 * What a fake device is made of: the folder's `platforms.json` (per device type its prompts, its mode commands and the texts that
 * a client waits for) and `fake_responses.json` (answers to single commands).
 */

const dialogue = z.array(z.record(z.string(), z.unknown())).default([]);

const deviceType = z.looseObject({
  no_enable: z.boolean(),
  prompt: z.looseObject({
    example_prompts: z.object({ user: z.string(), enable: z.string(), config: z.string() }),
  }),
  session_preparation: z.looseObject({ paging_commands: z.array(z.string()) }),
  enable: z.looseObject({ command: z.string().nullish(), exit_command: z.string().nullish() }),
  config: z.looseObject({
    enter_command: z.string().nullish(),
    exit_command: z.string().nullish(),
    run_enter: z.looseObject({ dialogue }),
  }),
  save: z.looseObject({}),
  commit: z.looseObject({}),
});

/** The facts about one device type. */
export type DeviceType = z.output<typeof deviceType>;

/** All device types of a folder, with the answers to single commands. */
export interface DeviceTypes {
  readonly types: ReadonlyMap<string, DeviceType>;
  /** Per type: command, or `re:` and a regular expression, to answer. */
  readonly responses: Readonly<Record<string, Record<string, string>>>;
}

/** Reads `platforms.json` and, where present, `fake_responses.json`. */
export function loadDeviceTypes(folder: string): DeviceTypes {
  const file = z
    .looseObject({ device_types: z.record(z.string(), deviceType) })
    .parse(JSON.parse(readFileSync(join(folder, "platforms.json"), "utf8")));
  const responsesFile = join(folder, "fake_responses.json");
  const responses = existsSync(responsesFile)
    ? z
        .record(z.string(), z.record(z.string(), z.string()))
        .parse(JSON.parse(readFileSync(responsesFile, "utf8")))
    : {};
  return { types: new Map(Object.entries(file.device_types)), responses };
}

/** The texts that a client is known to wait for after a command: the first one recorded for each. */
export function recordedAnswers(type: DeviceType): Map<string, string> {
  const answers = new Map<string, string>();
  const parts = [type.session_preparation, type.config, type.enable, type.save, type.commit];
  for (const part of parts) collect(part, answers);
  return answers;
}

function collect(value: unknown, answers: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, answers);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  const record = value as Record<string, unknown>;
  if (Array.isArray(record.dialogue)) collectDialogue(record.dialogue as unknown[], answers);
  for (const item of Object.values(record)) collect(item, answers);
}

function collectDialogue(events: readonly unknown[], answers: Map<string, string>): void {
  let last: string | undefined;
  for (const event of events as Record<string, unknown>[]) {
    if (typeof event.send === "string" && event.send.trim()) last = event.send.trim();
    else if (typeof event.synth === "string" && last !== undefined && !answers.has(last)) {
      answers.set(last, event.synth);
    }
  }
}
