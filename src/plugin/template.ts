import type { ZodType } from "zod";
import { Plugin } from "./plugin.ts";

/** A template as text, with a name for error messages (`ConfigMap ntp/base.j2`, `inline`). */
export interface TemplateText {
  readonly name: string;
  readonly text: string;
}

export interface RenderRequest {
  readonly template: TemplateText;
  /** Other templates by the names that include, import and extends use. */
  readonly templates?: Readonly<Record<string, string>>;
  /** A folder of templates that include, import and extends may also name: the library the template came from. */
  readonly library?: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** The engine's options, already checked by `optionsSchema`. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ParseRequest {
  /** What the device printed. */
  readonly input: string;
  /** Several templates only where the engine merges them; absent with `lookup`. */
  readonly template?: TemplateText;
  /** Find the template in a library by platform and command. */
  readonly lookup?: { readonly platform: string; readonly command: string };
  /** A folder of templates: the configured library that `lookup` or the template's own references search. */
  readonly library?: string;
  /** The engine's options, already checked by `optionsSchema`. */
  readonly options: Readonly<Record<string, unknown>>;
}

abstract class TemplatePlugin<Config> extends Plugin<Config> {
  static readonly templateName: string;
  /** Checks and completes the engine's options; refuses unknown ones by name. */
  abstract readonly optionsSchema: ZodType<Record<string, unknown>>;
}

/**
 * A template plugin that makes text from data. It runs in a worker thread that is ended at a deadline, so it may take its
 * time but must not start anything that outlives it.
 *
 * @example
 * export class UpperRenderer extends BaseTemplateRenderer {
 *   static readonly templateName = "upper";
 *   readonly optionsSchema = z.strictObject({});
 *   render(request: RenderRequest) { return request.template.text.toUpperCase(); }
 * }
 */
export abstract class BaseTemplateRenderer<Config = unknown> extends TemplatePlugin<Config> {
  /** Throws `RenderFailed` (or any error, which becomes one) naming template, line and reason. */
  abstract render(request: RenderRequest): string | Promise<string>;
}

/** A template plugin that makes data from text; what it returns must be JSON. Runs like a renderer. */
export abstract class BaseTemplateParser<Config = unknown> extends TemplatePlugin<Config> {
  /** Throws `ParseFailed` (or any error, which becomes one) naming template, line and reason. */
  abstract parse(request: ParseRequest): unknown | Promise<unknown>;
}
