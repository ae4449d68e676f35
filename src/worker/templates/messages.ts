import type { Retry } from "../../errors/define.ts";
import type { PluginFolder } from "../../plugin/folders.ts";
import type { PluginSections } from "../../plugin/registry.ts";
import type { ParseRequest, RenderRequest } from "../../plugin/template.ts";

/** A template engine: a renderer or a parser by name. */
export interface Engine {
  readonly kind: "renderer" | "parser";
  readonly name: string;
}

/** One template to be worked on. */
export type TemplateTask =
  | { readonly kind: "renderer"; readonly name: string; readonly request: RenderRequest }
  | { readonly kind: "parser"; readonly name: string; readonly request: ParseRequest };

/** What a thread is started with. */
export interface ThreadSettings {
  readonly directories: readonly string[];
  readonly config: PluginSections;
  /** Engines that are imported before the thread says that it is ready. */
  readonly warm: readonly Engine[];
  readonly maxOutputBytes: number;
}

/** To the thread: import an engine, or work on a task. One at a time. */
export type ThreadRequest =
  | { readonly type: "load"; readonly engine: Engine }
  | { readonly type: "run"; readonly task: TemplateTask };

/** An error in transit: a `NetPulseError` without its class. */
export interface ErrorMessage {
  readonly code: string;
  readonly message: string;
  readonly retry: Retry;
}

/** From the thread. A result travels as JSON text, which is quicker to take over than a copied object. */
export type ThreadMessage =
  | { readonly type: "ready" }
  | { readonly type: "result"; readonly text: string }
  | { readonly type: "error"; readonly error: ErrorMessage }
  | { readonly type: "log"; readonly level: LogLevel; readonly fields: object; readonly message: string }
  | {
      readonly type: "invalid";
      readonly folder: PluginFolder;
      readonly location: string;
      readonly reason: string;
    };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** How a task is called in messages to people. */
export function templateName(task: TemplateTask): string {
  const { request } = task;
  if (request.template) return request.template.name;
  const lookup = "lookup" in request ? request.lookup : undefined;
  return lookup ? `${task.name} template for ${lookup.platform} ${lookup.command}` : `${task.name} template`;
}
