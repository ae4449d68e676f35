import { z } from "zod";
import { ArgumentError } from "../../../src/device/eapi/argument-error.ts";
import type { ConfigCommand } from "../../../src/device/eapi/node.ts";
import { onlyReads } from "../../../src/device/eapi/read-only.ts";
import type { PyeapiSession } from "./session.ts";

/** A method of the node: pyeapi's name, its parameters, whether it only reads. */
export interface NodeMethod {
  readonly required: readonly string[];
  readonly optional: Readonly<Record<string, unknown>>;
  readonly readsOnly: boolean;
  readonly run: (session: PyeapiSession, args: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

const command = z.union([
  z.string(),
  z.strictObject({ cmd: z.string(), input: z.string().optional(), revision: z.number().optional() }),
]);
const commands = z.union([command, z.array(command)]);
const encoding = z.enum(["json", "text"], { error: "encoding must be one of [json, text]" });
const option = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);
const runArgs = z.looseObject({
  commands,
  encoding,
  send_enable: z.boolean(),
  strict: z.boolean().optional(),
  autoComplete: option(z.boolean()),
  expandAliases: option(z.boolean()),
  apiVersion: option(z.union([z.number(), z.literal("latest")])),
  timestamps: option(z.boolean()),
  streaming: option(z.boolean()),
});
const SWITCHES = {
  autoComplete: undefined,
  expandAliases: undefined,
  apiVersion: undefined,
  timestamps: undefined,
  streaming: undefined,
};

/**
 * The node's own calls. `run_commands` and `enable` run whatever they are given, so they count as changes; `show` takes only commands
 * that read.
 */
export const nodeMethods: Readonly<Record<string, NodeMethod>> = {
  run_commands: row(
    ["commands"],
    { encoding: "json", send_enable: true, ...SWITCHES },
    false,
    ({ node }, args) => {
      const { commands, encoding, send_enable, ...switches } = checked(runArgs, args);
      return node.runCommands(commands, encoding, {
        sendEnable: send_enable,
        ...given(switches),
      });
    },
  ),
  enable: row(
    ["commands"],
    { encoding: "json", strict: false, send_enable: true, ...SWITCHES },
    false,
    ({ node }, args) => {
      const { commands, encoding, send_enable, ...switches } = checked(runArgs, args);
      return node.enable(commands, encoding, { sendEnable: send_enable, ...given(switches) });
    },
  ),
  show: row(["commands"], { encoding: "json", ...SWITCHES }, true, ({ node }, args) => {
    const { commands, encoding, ...switches } = checked(runArgs, { ...args, send_enable: true });
    const lines = [commands].flat().map((one) => (typeof one === "string" ? one : one.cmd));
    const other = lines.find((line) => !onlyReads(line));
    if (other !== undefined) throw new ArgumentError(`${other} does not only read; use run_commands`);
    const { send_enable: _privileged, ...run } = given(switches);
    return node.enable(commands, encoding, run);
  }),
  config: row(["commands"], {}, false, ({ node }, args) => {
    const { commands: lines } = checked(z.looseObject({ commands }), args);
    return node.config([lines].flat().map(asConfig));
  }),
  get_config: row(
    [],
    { config: "running-config", params: null, as_string: false },
    true,
    async ({ node }, args) => {
      const { config, params, as_string } = checked(
        z.looseObject({ config: z.string(), params: option(z.string()), as_string: z.boolean() }),
        args,
      );
      const text = await node.getConfig(config, params);
      return as_string ? text.trim() : text.split("\n");
    },
  ),
  section: row(["regex"], { config: "running_config" }, true, ({ node }, args) => {
    const { regex, config } = checked(z.looseObject({ regex: z.string(), config: z.string() }), args);
    return node.section(new RegExp(regex), config);
  }),
  running_config: row([], {}, true, ({ node }) => node.runningConfig()),
  startup_config: row([], {}, true, ({ node }) => node.startupConfig()),
  version: row([], {}, true, async ({ node }) => (await node.release()).version),
  version_number: row([], {}, true, async ({ node }) => (await node.release()).versionNumber),
  model: row([], {}, true, async ({ node }) => (await node.release()).model),
  refresh: row([], {}, true, async ({ node }) => node.refresh()),
  configure_session: row([], {}, false, async ({ node }) => {
    node.configureSession();
    return node.sessionName;
  }),
  diff: row([], {}, true, ({ node }) => node.diff()),
  commit: row([], {}, false, ({ node }) => node.commit()),
  abort: row([], {}, false, ({ node }) => node.abort()),
};

function asConfig(one: z.output<typeof command>): ConfigCommand {
  if (typeof one === "string") return one;
  return one.input === undefined ? one.cmd : { cmd: one.cmd, input: one.input };
}

function row(
  required: readonly string[],
  optional: Readonly<Record<string, unknown>>,
  readsOnly: boolean,
  run: NodeMethod["run"],
): NodeMethod {
  return { required, optional, readsOnly, run };
}

function checked<T extends z.ZodType>(schema: T, args: unknown): z.output<T> {
  const result = schema.safeParse(args);
  if (result.success) return result.data;
  throw new ArgumentError(
    result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; "),
  );
}

/** Without the arguments that were not given. */
function given<T extends object>(args: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
