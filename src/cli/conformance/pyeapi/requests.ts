import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ArgumentError } from "../../../device/eapi/argument-error.ts";
import { CliVariants } from "../../../device/eapi/cli-variants.ts";
import { CommandError } from "../../../device/eapi/command-error.ts";
import {
  type EapiCommand,
  EapiNode,
  type Encoding,
  type RunCmds,
  type RunOptions,
} from "../../../device/eapi/node.ts";
import { readJson } from "../records.ts";
import { type ConformanceCase, compareUnordered } from "../suite.ts";

const FILE = "jsonrpc.json";

const request = z.looseObject({
  params: z.looseObject({ cmds: z.array(z.unknown()), format: z.string() }),
  streaming: z.boolean(),
});
const record = z.looseObject({
  name: z.string(),
  node_kwargs: z.looseObject({
    enablepwd: z.string().optional(),
    autorefresh: z.boolean().optional(),
    config_defaults: z.boolean().optional(),
  }),
  requests: z.array(request),
  returned: z.unknown().optional(),
  raised: z.string().optional(),
  message: z.string().optional(),
  error_code: z.number().nullish(),
  trace: z.array(z.looseObject({ output: z.unknown() })).nullish(),
});
type Recorded = z.output<typeof record>;

/** The node's calls: the requests that they make, what they return and how they fail. */
export function* requestCases(folder: string): Generator<ConformanceCase> {
  for (const one of readJson(folder, FILE, z.array(record)) ?? []) {
    yield { id: one.name, file: FILE, run: async () => compareUnordered(expectedOf(one), await play(one)) };
  }
}

function expectedOf(one: Recorded): unknown {
  const outcome =
    one.raised === undefined
      ? { returned: one.returned }
      : {
          raised: one.raised === "CommandError" ? one.raised : "other",
          message: one.message,
          error_code: one.error_code ?? null,
          trace: one.trace ?? null,
        };
  return { ...outcome, requests: one.requests.map((r) => ({ ...r, id: "<id>" })) };
}

async function play(one: Recorded): Promise<unknown> {
  const requests: unknown[] = [];
  const node = new EapiNode(
    (params, streaming) => {
      requests.push({ jsonrpc: "2.0", method: "runCmds", params, id: "<id>", streaming });
      return answer(one, params, requests.length);
    },
    {
      enablepwd: one.node_kwargs.enablepwd,
      ...(one.node_kwargs.autorefresh !== undefined && { autorefresh: one.node_kwargs.autorefresh }),
      ...(one.node_kwargs.config_defaults !== undefined && {
        configDefaults: one.node_kwargs.config_defaults,
      }),
      sessionName: () => "11111111-2222-3333-4444-555555555555",
    },
  );
  try {
    return { returned: await call(node, one), requests };
  } catch (error) {
    if (error instanceof CommandError) {
      const { message, errorCode: error_code, trace = null } = error;
      return { raised: "CommandError", message, error_code, trace, requests };
    }
    if (!(error instanceof ArgumentError)) throw error;
    return { raised: "other", message: error.message, error_code: null, trace: null, requests };
  }
}

/** The recording device: every command gives its number or a text, and what a case is about fails as it did. */
async function answer(one: Recorded, params: RunCmds, number: number): Promise<unknown[]> {
  const failing = failureOf(one, params, number);
  if (failing) throw new CommandError({ ...failing, commands: params.cmds });
  const [, version, model] = /^version (.*) (\S+)$/.exec(one.name) ?? [];
  return params.cmds.map((command, index) => {
    const line = typeof command === "string" ? command : command.cmd;
    if (version !== undefined && line === "show version") return { version, modelName: model };
    return params.format === "text" ? { output: `out of ${line}\n` } : { n: index };
  });
}

function failureOf(one: Recorded, params: RunCmds, number: number) {
  if (one.raised === "CommandError" && one.requests.length > 0) {
    if (one.name.includes("CliVariants")) return { code: 1002, message: "bad", data: [] };
    const code = one.error_code ?? 0;
    const data = one.trace?.filter(({ output }) => output !== null).map(({ output }) => output);
    return { code, message: sentMessage(one.message ?? ""), data };
  }
  if (one.name.includes("falls back") && params.format === "json")
    return { code: 1003, message: "unconverted command", data: [{}, { errors: ["unconverted"] }] };
  if (one.name.includes("second works") && number === 1) return { code: 1002, message: "bad", data: [] };
  return undefined;
}

/** What the device had said, of the message that pyeapi made of it. */
function sentMessage(message: string): string {
  return message
    .replace(/^Error \[-?\d+\]: /, "")
    .replace(/ \[(?:None|[a-z]+: .*)?\]$/, "")
    .replace("<removed>)", "secret")
    .replace(/\. \w+ parameter is not supported in this version of EOS\.$/, "");
}

/** The recorded call: its name says which method it was, its requests say with what. */
async function call(node: EapiNode, one: Recorded): Promise<unknown> {
  const { name } = one;
  const cmds = one.requests.flatMap(({ params }) => params.cmds as EapiCommand[]);
  const commands = withoutEnable(cmds);
  if (name.startsWith("run_commands") || name.startsWith("error")) return run(node, one);
  if (name === "enable refuses configure") return node.enable("configure");
  if (name.startsWith("enable")) {
    const asked = commands.filter((command, index) => commands.indexOf(command) === index);
    return node.enable(asked, "json", { strict: name.includes("strict") });
  }
  if (name.startsWith("config CliVariants")) return node.config(variants(name));
  if (name.startsWith("config session")) return session(node);
  if (name === "diff without session") return node.diff();
  if (name.startsWith("config")) return node.config(commands.slice(1) as string[]);
  if (name.startsWith("get_config")) return getConfig(node, name);
  if (name.startsWith("running_config")) {
    const first = await node.runningConfig();
    return name.includes("cached") ? [first, await node.runningConfig()] : first;
  }
  const { version, versionNumber, model } = await node.release();
  return [version, versionNumber, model];
}

async function run(node: EapiNode, one: Recorded): Promise<unknown> {
  const [first] = one.requests;
  if (!first) return node.runCommands("show version", "xml" as Encoding);
  const { cmds, format, version, autoComplete, expandAliases, timestamps } = first.params;
  const sendEnable = isDeepStrictEqual(withoutEnable(cmds as EapiCommand[]), cmds) === false;
  const options = {
    apiVersion: version,
    autoComplete,
    expandAliases,
    timestamps,
    streaming: first.streaming,
  };
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const commands = one.name.includes("MULTILINE")
    ? ["configure", "banner motd MULTILINE: hello\nworld"]
    : withoutEnable(cmds as EapiCommand[]);
  return node.runCommands(commands, format as Encoding, { ...(given as RunOptions), sendEnable });
}

function withoutEnable(commands: readonly EapiCommand[]): EapiCommand[] {
  return commands.filter((command) => (typeof command === "string" ? command : command.cmd) !== "enable");
}

function variants(name: string) {
  return name.includes("second")
    ? ["a", new CliVariants("new cli", ["old cli", "more"]), "b"]
    : new CliVariants("x", "y");
}

async function session(node: EapiNode): Promise<unknown> {
  node.configureSession();
  const configured = await node.config("hostname x");
  const diff = await node.diff();
  const committed = await node.commit();
  await node.config("hostname y");
  node.configureSession();
  await node.abort();
  return [configured, diff, committed];
}

async function getConfig(node: EapiNode, name: string): Promise<unknown> {
  if (name.endsWith("invalid")) return node.getConfig("candidate-config");
  if (name.endsWith("list")) return (await node.getConfig()).split("\n");
  const text = await (name.endsWith("startup string")
    ? node.getConfig("startup-config")
    : node.getConfig("running-config", "all"));
  return text.trim();
}
