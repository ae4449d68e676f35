import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { Argument, Command } from "commander";
import { parseDocument } from "yaml";
import { fromYaml } from "../../plugins/templates/jinja2/ansible/yaml-values.ts";
import {
  Environment,
  type EnvironmentOptions,
  FolderLoader,
  PyDict,
  placeOf,
} from "../../plugins/templates/jinja2/engine.ts";
import { excerpt } from "./excerpt.ts";
import { watchFiles } from "./watch-files.ts";

/** What the command writes to; tests give their own. */
export interface RenderStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends `--watch`. */
  readonly signal: AbortSignal;
}

interface RenderOptions {
  readonly template: string;
  readonly context?: string[];
  readonly set: readonly string[];
  readonly option: readonly string[];
  readonly ansible: boolean;
  readonly output?: string;
  readonly watch: boolean;
}

const EXAMPLES = `
Examples:
  netpulse render jinja2 -t base.j2 -c vars.yaml
  netpulse render jinja2 -t base.j2 -c common.yaml -c r1.yaml --set hostname=r1 --option trim_blocks=true -o r1.cfg
  netpulse render jinja2 -t base.j2 -c vars.yaml --watch
`;

/**
 * `netpulse render jinja2`: a template and variables in files, the text on stdout or in a file. Needs no cluster. Templates that it includes are
 * looked for beside it. A failure ends with exit code 1 and shows the line of the template with a caret.
 */
export function renderCommand(streams: RenderStreams = processStreams()): Command {
  return new Command("render")
    .description("Render a template with variables.")
    .addArgument(new Argument("<engine>", "template engine").choices(["jinja2"]))
    .requiredOption("-t, --template <file>", "the template")
    .option("-c, --context <file>", "variables as YAML or JSON; may be repeated, later files win", collect)
    .option(
      "--set <name=value>",
      "a variable, its value as YAML; a.b=1 sets b in a; may be repeated",
      collect,
      [],
    )
    .option(
      "--option <name=value>",
      "an option of the engine, such as trim_blocks=true; may be repeated",
      collect,
      [],
    )
    .option("--ansible", "with Ansible's filters and tests", false)
    .option("-o, --output <file>", "write the text to a file instead of stdout")
    .option("--watch", "render again whenever the template or a context file changes", false)
    .addHelpText("after", EXAMPLES)
    .action(async (_engine: string, options: RenderOptions) => {
      if (!options.watch) {
        if (!renderOnce(options, streams)) process.exitCode = 1;
        return;
      }
      const files = [options.template, ...(options.context ?? [])].map((path) => resolve(path));
      await watchFiles(
        files,
        async (first) => {
          if (!first) streams.err(`--- ${files.join(" or ")} changed\n`);
          renderOnce(options, streams);
        },
        streams.signal,
      );
    });
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function renderOnce(options: RenderOptions, streams: RenderStreams): boolean {
  try {
    const environment = new Environment(optionsOf(options), new FolderLoader(dirname(options.template)));
    const text = environment.getTemplate(basename(options.template)).render(contextOf(options));
    if (options.output === undefined) streams.out(text);
    else writeFileSync(options.output, text);
    return true;
  } catch (error) {
    streams.err(failureText(error));
    return false;
  }
}

function failureText(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = placeOf(error);
  if (!place) return `error: ${message}\n`;
  const { line, column, text, template } = place;
  const shown = excerpt("\n".repeat(line - 1) + text, { line, column });
  return `error: ${template ?? "template"}, line ${line}: ${message}\n${shown}\n`;
}

/** Like in a job for a device, an undefined value is an error unless an option says otherwise. */
function optionsOf({ option, ansible }: RenderOptions): EnvironmentOptions {
  const options: Record<string, unknown> = { undefined: "StrictUndefined" };
  for (const pair of option) {
    const [name, value] = assignment(pair);
    options[name] = parseDocument(value).toJS();
  }
  if (ansible) options.filters = ["ansible"];
  return options as EnvironmentOptions;
}

function contextOf({ context = [], set }: RenderOptions): PyDict {
  const variables = new PyDict();
  for (const file of context) {
    const values = fromYaml(readFileSync(file, "utf8"));
    if (values === null) continue;
    if (!(values instanceof PyDict)) throw new Error(`${file} holds no mapping of variables`);
    for (const [name, value] of values.items()) variables.set(name, value);
  }
  for (const pair of set) {
    const [name, text] = assignment(pair);
    const path = name.split(".");
    const last = path.pop() ?? "";
    let owner = variables;
    for (const part of path) {
      const inner = owner.get(part);
      const next = inner instanceof PyDict ? inner : new PyDict();
      owner.set(part, next);
      owner = next;
    }
    owner.set(last, fromYaml(text));
  }
  return variables;
}

function assignment(pair: string): [name: string, value: string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new Error(`${pair} is not of the form name=value`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function processStreams(): RenderStreams {
  return {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    // Ctrl-C ends the process, and with it the watch.
    signal: new AbortController().signal,
  };
}
