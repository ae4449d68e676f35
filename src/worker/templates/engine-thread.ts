/**
 * What runs inside a template thread: the plugin registry and, one after another, the tasks that the worker sends.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ZodType } from "zod";
import { NetPulseError } from "../../errors/define.ts";
import { pluginErrors } from "../../errors/plugin.ts";
import { templateErrors } from "../../errors/template.ts";
import type { Logger } from "../../plugin/plugin.ts";
import { PluginRegistry } from "../../plugin/registry.ts";
import {
  type Engine,
  type ErrorMessage,
  type LogLevel,
  type TemplateTask,
  type ThreadMessage,
  type ThreadRequest,
  type ThreadSettings,
  templateName,
} from "./messages.ts";

const settings: ThreadSettings = workerData;
const registry = new PluginRegistry({
  directories: settings.directories,
  config: settings.config,
  log: forwardingLog(),
  onInvalid: (folder, location, reason) => send({ type: "invalid", folder, location, reason }),
});

parentPort?.on("message", (request: ThreadRequest) => {
  void answer(request).then(send);
});
await Promise.all(settings.warm.map((engine) => load(engine).catch(() => undefined)));
send({ type: "ready" });

async function answer(request: ThreadRequest): Promise<ThreadMessage> {
  try {
    if (request.type === "run") return { type: "result", text: await run(request.task) };
    await load(request.engine);
    return { type: "result", text: "" };
  } catch (error) {
    return { type: "error", error: inTransit(error, request) };
  }
}

async function load({ kind, name }: Engine): Promise<void> {
  await registry.get(kind, name);
}

/** The rendered text, or the parsed data as JSON text. */
async function run(task: TemplateTask): Promise<string> {
  const text = task.kind === "renderer" ? await render(task) : await parse(task);
  const bytes = Buffer.byteLength(text);
  const limit = settings.maxOutputBytes;
  if (bytes > limit) {
    throw templateErrors.TemplateOutputTooLarge({ template: templateName(task), bytes, limit });
  }
  return text;
}

async function render({ name, request }: TemplateTask & { kind: "renderer" }): Promise<string> {
  const renderer = await registry.renderer(name);
  const text: unknown = await renderer.render({
    ...request,
    options: checked(renderer.optionsSchema, request.options),
  });
  if (typeof text !== "string") throw new TypeError(`the engine returned ${typeof text} instead of text`);
  return text;
}

async function parse({ name, request }: TemplateTask & { kind: "parser" }): Promise<string> {
  const parser = await registry.parser(name);
  const data: unknown = await parser.parse({
    ...request,
    options: checked(parser.optionsSchema, request.options),
  });
  const json: string | undefined = JSON.stringify(data);
  if (json === undefined) throw new TypeError(`the engine returned ${typeof data} instead of JSON data`);
  return json;
}

function checked(schema: ZodType<Record<string, unknown>>, options: unknown): Record<string, unknown> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    (issue) => `${["options", ...issue.path].join(".")}: ${issue.message}`,
  );
  throw new Error(problems.join("; "));
}

function inTransit(error: unknown, request: ThreadRequest): ErrorMessage {
  if (error instanceof NetPulseError) return { code: error.code, message: error.message, retry: error.retry };
  const why = error instanceof Error ? error.message : String(error);
  const template = request.type === "run" ? templateName(request.task) : request.engine.name;
  const kind = request.type === "run" ? request.task.kind : request.engine.kind;
  const line = lineOf(error);
  const evidence = line === undefined ? { template, why } : { template, why, line };
  const failed =
    kind === "renderer" ? pluginErrors.RenderFailed(evidence) : pluginErrors.ParseFailed(evidence);
  return { code: failed.code, message: failed.message, retry: failed.retry };
}

/** Engines' own errors carry the template's line as a number, where they know it. */
function lineOf(error: unknown): number | undefined {
  const line: unknown = error instanceof Error ? Reflect.get(error, "line") : undefined;
  return typeof line === "number" ? line : undefined;
}

function forwardingLog(): Logger {
  const forward =
    (level: LogLevel) =>
    (fields: object, message = ""): void =>
      send({ type: "log", level, fields, message });
  return { debug: forward("debug"), info: forward("info"), warn: forward("warn"), error: forward("error") };
}

function send(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
