import { parse as parseYaml } from "yaml";
import type { NetTaskSpec, TaskDevice } from "../../api/index.ts";
import type { Command, ConfigChange, MethodCall, Operation, Script } from "../../plugin/index.ts";
import { pluginErrors } from "../../plugin/index.ts";
import type { TemplateThreads } from "../templates/template-threads.ts";
import { DeviceTransfer, type TransferEnds } from "../transfer/carry.ts";
import type { TextSources } from "./text-source.ts";

export interface PrepareOptions {
  readonly templates: TemplateThreads;
  readonly sources: TextSources;
  /** Absent: this process carries no files. */
  readonly transferEnds?: TransferEnds;
  readonly templateTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** What a task asks of one device, rendered and complete. */
export type Work =
  | { readonly kind: "commands"; readonly commands: readonly Command[] }
  | { readonly kind: "config"; readonly change: ConfigChange }
  | { readonly kind: "script"; readonly script: Script }
  /** Holds files open; whoever prepared it closes it. */
  | { readonly kind: "transfer"; readonly transfer: DeviceTransfer }
  | { readonly kind: "call"; readonly call: MethodCall };

/** Renders and completes the work for one device. Nothing is sent: a template that fails has touched no device. */
export async function prepare(spec: NetTaskSpec, device: TaskDevice, options: PrepareOptions): Promise<Work> {
  if (spec.call) {
    const { method, args = [], kwargs, kwargsFrom } = spec.call;
    const read = await Promise.all(
      (kwargsFrom ?? []).map(
        async ({ name, from }) => [name, yamlOf(await options.sources.read(from))] as const,
      ),
    );
    const named = kwargs || kwargsFrom ? { ...Object.fromEntries(read), ...kwargs } : undefined;
    return { kind: "call", call: { method, args: named ?? args } };
  }
  if (spec.script)
    return {
      kind: "script",
      script: await scriptOf(spec.script, options.sources, spec.options?.readTimeoutSeconds),
    };
  if (spec.transfer) {
    const { transferEnds, signal } = options;
    if (!transferEnds) throw pluginErrors.NotImplemented({ what: "file transfer here", driver: "worker" });
    const transfer = await DeviceTransfer.open(spec.transfer, device.name, transferEnds, signal);
    return { kind: "transfer", transfer };
  }
  if (spec.commands)
    return { kind: "commands", commands: spec.commands.map((text) => commandOf(spec, text)) };
  if (spec.config !== undefined) return { kind: "config", change: changeOf(spec, spec.config) };

  const rendered = await render(spec, device, options);
  if (spec.render?.into === "Commands")
    return { kind: "commands", commands: linesOf(rendered).map((text) => commandOf(spec, text.trim())) };
  return { kind: "config", change: changeOf(spec, rendered) };
}

/** The work as operations, which is how a driver says whether it only reads. */
export function operationsOf(work: Work, device: TaskDevice): Operation[] {
  switch (work.kind) {
    case "commands":
      return work.commands.map((command) => ({ kind: "command", command, args: device.driver.args ?? {} }));
    case "config":
      return [{ kind: "config", change: work.change }];
    case "call":
      return [{ kind: "call", call: work.call, args: device.driver.args ?? {} }];
    case "transfer":
      return work.transfer.directions.map((direction) => ({ kind: "transfer", direction }));
    case "script":
      return [{ kind: "script", script: work.script }];
  }
}

async function render(spec: NetTaskSpec, device: TaskDevice, options: PrepareOptions): Promise<string> {
  const { templates, sources, templateTimeoutMs, signal } = options;
  const wanted = spec.render;
  if (!wanted)
    throw pluginErrors.NotImplemented({
      what: "task without commands, config, call, script, transfer and render",
      driver: "worker",
    });
  const source = wanted.templateFrom
    ? await sources.read(wanted.templateFrom)
    : { name: "inline template", text: wanted.template ?? "", siblings: {} };
  const contexts = await Promise.all(
    (wanted.contextFrom ?? []).map(async (from) => dataOf(await sources.read(from))),
  );
  const { name, host, port, labels = {}, driver } = device;
  const context = Object.assign({}, ...contexts, wanted.context, {
    device: {
      name,
      host,
      ...(port !== undefined && { port }),
      labels,
      platform: driver.args?.device_type ?? driver.name,
    },
  });
  const request = {
    template: { name: source.name, text: source.text },
    templates: source.siblings,
    ...("library" in source && source.library !== undefined && { library: source.library }),
    context,
    options: wanted.options ?? {},
  };
  return templates.render(wanted.engine, request, { timeoutMs: templateTimeoutMs, signal });
}

function yamlOf({ name, text }: { readonly name: string; readonly text: string }): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw pluginErrors.RenderFailed({
      template: name,
      why: error instanceof Error ? error.message : String(error),
    });
  }
}

function dataOf(source: { readonly name: string; readonly text: string }): Record<string, unknown> {
  const { name } = source;
  const data = yamlOf(source);
  if (data === null || data === undefined) return {};
  if (typeof data !== "object" || Array.isArray(data))
    throw pluginErrors.RenderFailed({ template: name, why: "a context must be a map of names to values" });
  return data as Record<string, unknown>;
}

function commandOf({ commandDetails = [], options = {} }: NetTaskSpec, command: string): Command {
  const detail = commandDetails.find((each) => each.command === command);
  const seconds = detail?.readTimeoutSeconds ?? options.readTimeoutSeconds;
  return {
    command,
    ...(detail?.dialogue && { dialogue: detail.dialogue.map(withoutUndefined) }),
    ...(seconds !== undefined && { readTimeoutMs: seconds * 1000 }),
    ...(options.enableMode !== undefined && { enableMode: options.enableMode }),
    ...(detail && programOf(detail)),
  };
}

type Detail = NonNullable<NetTaskSpec["commandDetails"]>[number];

function programOf(detail: Detail): Partial<Command> {
  const { environment, workingDirectory, timeLimitSeconds, continueOnError, sudo, pty } = detail;
  return {
    ...(environment && { environment }),
    ...(workingDirectory !== undefined && { workingDirectory }),
    ...(timeLimitSeconds !== undefined && { timeLimitMs: timeLimitSeconds * 1000 }),
    ...(continueOnError !== undefined && { continueOnError }),
    ...(sudo !== undefined && { sudo }),
    ...(pty !== undefined && { pty }),
  };
}

async function scriptOf(
  { interpreter, content, contentFrom, args = [] }: NonNullable<NetTaskSpec["script"]>,
  sources: TextSources,
  readTimeoutSeconds: number | undefined,
): Promise<Script> {
  const source = contentFrom
    ? await sources.read(contentFrom)
    : { name: "inline script", text: content ?? "" };
  return {
    name: source.name,
    content: source.text,
    args,
    ...(interpreter !== undefined && { interpreter }),
    ...(readTimeoutSeconds !== undefined && { readTimeoutMs: readTimeoutSeconds * 1000 }),
  };
}

type Step = NonNullable<Command["dialogue"]>[number];

function withoutUndefined({
  expect,
  send,
  secretKey,
}: {
  expect: string;
  send?: string | undefined;
  secretKey?: string | undefined;
}): Step {
  return { expect, ...(send !== undefined && { send }), ...(secretKey !== undefined && { secretKey }) };
}

function changeOf({ options = {} }: NetTaskSpec, text: string): ConfigChange {
  const { commit, readTimeoutSeconds } = options;
  return {
    lines: linesOf(text),
    mode: options.configMode ?? "Merge",
    dryRun: options.dryRun ?? false,
    save: options.save ?? false,
    onError: options.onError ?? "Stop",
    ...(commit && {
      commit: {
        ...(commit.message !== undefined && { message: commit.message }),
        ...(commit.confirmTimeoutSeconds !== undefined && {
          confirmTimeoutMs: commit.confirmTimeoutSeconds * 1000,
        }),
      },
    }),
    verify: (options.verify ?? []).map(({ command, expect, reject, withinSeconds }) => ({
      command,
      ...(withinSeconds !== undefined && { withinMs: withinSeconds * 1000 }),
      ...(expect !== undefined && { expect }),
      ...(reject !== undefined && { reject }),
    })),
    enableMode: options.enableMode ?? true,
    ...(readTimeoutSeconds !== undefined && { readTimeoutMs: readTimeoutSeconds * 1000 }),
  };
}

/** Lines without their ends; blank ones say nothing to a device. */
function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}
