import type { CommandOutcome, NetTaskSpec, TaskDevice } from "../../api/index.ts";
import { NetPulseError, pluginErrors } from "../../plugin/index.ts";
import { failureOf, type ParseHints } from "./perform.ts";
import type { PrepareOptions } from "./prepare.ts";

type ParseSpec = NonNullable<NetTaskSpec["parse"]>[number];

/** The library that an engine's look-ups search, by the name under which the configuration has it. */
const LIBRARY_OF: Readonly<Record<string, string>> = { textfsm: "ntc-templates", ttp: "ttp-templates" };

/**
 * Adds `parsed` to the outcomes of commands that a parser is for: the job's, else the one that the driver's arguments ask for.
 * A parser that fails keeps the output and says why.
 */
export async function parseOutcomes(
  spec: NetTaskSpec,
  device: TaskDevice,
  outcomes: readonly CommandOutcome[],
  hints: ReadonlyMap<CommandOutcome, ParseHints> | undefined,
  options: PrepareOptions,
): Promise<CommandOutcome[]> {
  return Promise.all(
    outcomes.map(async (outcome) => {
      const { output, command, error } = outcome;
      const hint = hints?.get(outcome) ?? {};
      const parser: Parser | undefined =
        (spec.parse ?? []).findLast((each) => each.command === undefined || each.command === command) ??
        parserOf(hint);
      // What a command printed before it failed is no answer.
      if (!parser || output === undefined || error) return outcome;
      const platform = hint.platform ?? String(device.driver.args?.device_type ?? device.driver.name);
      try {
        return { ...outcome, parsed: await parseOne(parser, platform, command, output, options) };
      } catch (error) {
        return parser.optional ? outcome : { ...outcome, error: failureOf(parseError(error)) };
      }
    }),
  );
}

type Parser = ParseSpec & { readonly optional?: boolean };

/** What `use_textfsm: true` and the like among a driver's arguments mean. */
function parserOf({ parse }: ParseHints): Parser | undefined {
  if (!parse) return undefined;
  const { engine, template, required } = parse;
  const optional = !required;
  if (template === undefined) return { engine, lookup: {}, optional };
  if (template.includes("\n")) return { engine, template, optional };
  return { engine, templateFrom: { libraryRef: { name: libraryOf(engine), path: template } }, optional };
}

function libraryOf(engine: string): string {
  return LIBRARY_OF[engine] ?? engine;
}

async function parseOne(
  parser: ParseSpec,
  platform: string,
  command: string,
  input: string,
  options: PrepareOptions,
): Promise<unknown> {
  const { templates, sources, templateTimeoutMs, signal } = options;
  const library = sources.library(libraryOf(parser.engine));
  const common = { input, options: parser.options ?? {}, ...(library !== undefined && { library }) };
  const limits = { timeoutMs: templateTimeoutMs, signal };
  if (parser.lookup) {
    const lookup = {
      platform: parser.lookup.platform ?? platform,
      command: parser.lookup.command ?? command,
    };
    return templates.parse(parser.engine, { ...common, lookup }, limits);
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
