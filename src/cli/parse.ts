import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { Argument, Command, Option } from "commander";
import { stringify } from "yaml";
import { lint, parseTemplate } from "../../plugins/templates/textfsm/engine.ts";
import { BUILT_IN_PLUGINS, type Logger, type ParseRequest, PluginRegistry } from "../plugin/index.ts";
import { failureText } from "./parse-failure.ts";
import { tabular } from "./tabular.ts";
import { watchFiles } from "./watch-files.ts";

/** What the command reads and writes; tests give their own. */
export interface CommandStreams {
  readonly stdin: NodeJS.ReadableStream;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends `--watch`. */
  readonly signal: AbortSignal;
}

interface ParseOptions {
  readonly template?: string;
  readonly platform?: string;
  readonly command?: string;
  readonly library?: string;
  readonly input?: string;
  readonly output: Format;
  readonly option: Readonly<Record<string, unknown>>;
  readonly watch: boolean;
  readonly lint: boolean;
}

type Format = "json" | "yaml" | "table";

/**
 * `netpulse parse textfsm|ttp`: device output on stdin (or in a file), rows on stdout. Needs no cluster. A failure ends with
 * exit code 1 and, where it has a place, the line of the template with a caret.
 */
export function parseCommand(streams: CommandStreams = processStreams()): Command {
  return new Command("parse")
    .description("Parse the output of a device with a template; the output is read from stdin.")
    .addArgument(new Argument("<engine>", "template engine").choices(["textfsm", "ttp"]))
    .option("-t, --template <file>", "the template")
    .option("--platform <name>", "find the template by platform (cisco_ios) and command")
    .option("--command <text>", "the command that was run, abbreviated or not")
    .option("--library <folder>", "folder of templates, such as ntc-templates (default: $NET_TEXTFSM)")
    .option("-i, --input <file>", "read the device output from a file instead of stdin")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["json", "yaml", "table"])
        .default("json"),
    )
    .option(
      "--option <name=value>",
      "an option of the engine, such as lenient=true; may be repeated",
      collect,
      {},
    )
    .option("--lint", "check the template instead of parsing (textfsm)", false)
    .option("--watch", "parse again whenever the template or the input file changes", false)
    .addHelpText("after", EXAMPLES)
    .action(async (engine: string, options: ParseOptions, command: Command) => {
      const wrong = usageError(options);
      if (wrong !== undefined) command.error(`error: ${wrong}`);
      if (options.lint) {
        if (engine !== "textfsm" || options.template === undefined) {
          command.error("error: --lint needs the engine textfsm and a template with -t");
        }
        if (!lintTemplate(options.template ?? "", streams)) process.exitCode = 1;
        return;
      }
      await run(engine, options, streams);
    });
}

const EXAMPLES = `
Examples:
  netpulse parse textfsm -t show_version.textfsm < output.txt
  netpulse parse textfsm --platform cisco_ios --command "sh ip int br" -o table < output.txt
  netpulse parse textfsm -t draft.textfsm -i output.txt --watch --option report=true
`;

async function run(engine: string, options: ParseOptions, streams: CommandStreams): Promise<void> {
  // Standard input can be read only once; a file is read anew each time.
  const fromStdin = options.input === undefined ? await textOf(streams.stdin) : undefined;
  const once = () => parseOnce(engine, options, fromStdin, streams);
  if (!options.watch) {
    if (!(await once())) process.exitCode = 1;
    return;
  }
  const files = [options.template, options.input]
    .filter((path) => path !== undefined)
    .map((path) => resolve(path));
  await watchFiles(
    files,
    async (first) => {
      if (!first) streams.err(`--- ${files.join(" or ")} changed\n`);
      await once();
    },
    streams.signal,
  );
}

async function parseOnce(
  engine: string,
  options: ParseOptions,
  fromStdin: string | undefined,
  streams: CommandStreams,
): Promise<boolean> {
  try {
    const registry = new PluginRegistry({ directories: [BUILT_IN_PLUGINS], log: loggerTo(streams.err) });
    const parser = await registry.parser(engine);
    const checked = parser.optionsSchema.safeParse(options.option);
    if (!checked.success) {
      const issues = checked.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
      throw new Error(`--option: ${issues.join("; ")}`);
    }
    const input = fromStdin ?? readFileSync(options.input ?? "", "utf8");
    const result = await parser.parse(requestOf(options, input, checked.data));
    streams.out(printed(result, options.output));
    return true;
  } catch (error) {
    streams.err(failureText(error, templateText(options.template)));
    return false;
  }
}

/** Prints what the linter finds, in the form that editors understand; true when it finds nothing. */
function lintTemplate(path: string, streams: CommandStreams): boolean {
  const text = templateText(path);
  try {
    const findings = lint(parseTemplate(readFileSync(path, "utf8")));
    for (const { line, code, message } of findings) streams.out(`${path}:${line}: ${code}: ${message}\n`);
    return findings.length === 0;
  } catch (error) {
    streams.err(failureText(error, text));
    return false;
  }
}

function requestOf(
  options: ParseOptions,
  input: string,
  engineOptions: Record<string, unknown>,
): ParseRequest {
  const { template, platform, command, library } = options;
  return {
    input,
    options: engineOptions,
    ...(template === undefined ? {} : { template: { name: template, text: readFileSync(template, "utf8") } }),
    ...(platform === undefined || command === undefined ? {} : { lookup: { platform, command } }),
    ...(library === undefined ? {} : { library }),
  };
}

/** What is wrong with the combination of options; each alone was checked before. */
function usageError({ template, platform, command, input, watch }: ParseOptions): string | undefined {
  const looksUp = platform !== undefined || command !== undefined;
  if (template === undefined && !looksUp) return "give a template with -t, or --platform and --command";
  if (template !== undefined && looksUp) return "give either a template or --platform and --command";
  if (looksUp && (platform === undefined || command === undefined)) {
    return "--platform and --command belong together";
  }
  if (watch && input === undefined) return "--watch needs the device output in a file: -i FILE";
  return undefined;
}

function printed(result: unknown, format: Format): string {
  if (format === "json") return `${JSON.stringify(result, undefined, 2)}\n`;
  return format === "yaml" ? stringify(result) : tabular(result);
}

function templateText(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path, "utf8");
  } catch {
    // That it cannot be read is the failure, which is reported already.
    return undefined;
  }
}

/** `name=value` where the value is JSON if it can be read as such, and text otherwise. */
function collect(pair: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = pair.indexOf("=");
  if (at < 1) return { ...before, [pair]: true };
  const text = pair.slice(at + 1);
  return { ...before, [pair.slice(0, at)]: jsonOrText(text) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function loggerTo(err: (text: string) => void): Logger {
  const silent = () => {};
  const say = (fields: object, message?: string) => err(`${message ?? ""} ${JSON.stringify(fields)}\n`);
  return { debug: silent, info: silent, warn: say, error: say };
}

function processStreams(): CommandStreams {
  return {
    stdin: process.stdin,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // Ctrl-C ends the process, and with it the watch.
    signal: new AbortController().signal,
  };
}
