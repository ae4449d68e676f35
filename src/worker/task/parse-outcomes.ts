import type { CommandOutcome, NetTaskSpec, TaskDevice } from "../../api/index.ts";
import { NetPulseError, pluginErrors } from "../../plugin/index.ts";
import { failureOf } from "./perform.ts";
import type { PrepareOptions } from "./prepare.ts";

type ParseSpec = NonNullable<NetTaskSpec["parse"]>[number];

/** The library that an engine's look-ups search, by the name under which the configuration has it. */
const LIBRARY_OF: Readonly<Record<string, string>> = { textfsm: "ntc-templates", ttp: "ttp-templates" };

/** Adds `parsed` to the outcomes of commands that a parser is for. A parser that fails keeps the output and says why. */
export async function parseOutcomes(
  spec: NetTaskSpec,
  device: TaskDevice,
  outcomes: readonly CommandOutcome[],
  options: PrepareOptions,
): Promise<CommandOutcome[]> {
  return Promise.all(
    outcomes.map(async (outcome) => {
      const { output } = outcome;
      const parser = (spec.parse ?? []).findLast(
        ({ command }) => command === undefined || command === outcome.command,
      );
      if (!parser || output === undefined) return outcome;
      try {
        return { ...outcome, parsed: await parseOne(parser, device, outcome.command, output, options) };
      } catch (error) {
        return { ...outcome, error: failureOf(parseError(error)) };
      }
    }),
  );
}

async function parseOne(
  parser: ParseSpec,
  device: TaskDevice,
  command: string,
  input: string,
  options: PrepareOptions,
): Promise<unknown> {
  const { templates, sources, templateTimeoutMs, signal } = options;
  const library = sources.library(LIBRARY_OF[parser.engine] ?? parser.engine);
  const common = { input, options: parser.options ?? {}, ...(library !== undefined && { library }) };
  const limits = { timeoutMs: templateTimeoutMs, signal };
  if (parser.lookup) {
    const platform = parser.lookup.platform ?? String(device.driver.args?.device_type ?? device.driver.name);
    return templates.parse(
      parser.engine,
      { ...common, lookup: { platform, command: parser.lookup.command ?? command } },
      limits,
    );
  }
  const { name, text } = parser.templateFrom
    ? await sources.read(parser.templateFrom)
    : { name: "inline template", text: parser.template ?? "" };
  return templates.parse(parser.engine, { ...common, template: { name, text } }, limits);
}

function parseError(error: unknown): NetPulseError {
  if (error instanceof NetPulseError) return error;
  return pluginErrors.ParseFailed({
    template: "template",
    why: error instanceof Error ? error.message : String(error),
  });
}
