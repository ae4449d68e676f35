import { BaseTemplateRenderer, NetPulseError, pluginErrors, type RenderRequest, z } from "netpulse/plugin";
import { Environment, type Loader } from "./environment.ts";
import { placeOf } from "./errors.ts";
import { fetchText, HttpLoader } from "./loaders/http-loader.ts";
import { ChoiceLoader, FolderLoader, MapLoader } from "./loaders/loaders.ts";
import { type EnvironmentOptions, environmentOptionsSchema, UNDEFINED_KINDS } from "./options.ts";

const configSchema = z
  .strictObject({
    allowedUrls: z
      .array(z.url({ protocol: /^https?$/ }))
      .default([])
      .describe(
        "Addresses below which templates may be included, imported and extended, such as https://git.example.net/templates/; empty means none.",
      ),
  })
  .prefault({});
type Config = z.infer<typeof configSchema>;

// What is rendered here goes to devices: an undefined value must not become an empty line of configuration.
const optionsSchema = environmentOptionsSchema.extend({
  undefined: z.enum(UNDEFINED_KINDS).default("StrictUndefined"),
});

/** Environments that are kept: jobs bring the same templates and options again and again. */
const MAX_KEPT = 20;

/** Jinja2 templates, strict about undefined values unless the options say otherwise. */
export class Jinja2Renderer extends BaseTemplateRenderer<Config> {
  static override readonly templateName = "jinja2";
  static readonly configSchema = configSchema;
  readonly optionsSchema = optionsSchema;
  readonly #environments: Map<string, Environment> = new Map();
  readonly #http = new HttpLoader(configSchema.parse(this.config ?? {}).allowedUrls, fetchText);

  override async render(request: RenderRequest): Promise<string> {
    try {
      return await this.#http.rendering(() => {
        const environment = this.#environment(request);
        return environment.cached(request.template.text, request.template.name).render(request.context);
      });
    } catch (error) {
      throw asRenderFailed(error, request.template.name);
    }
  }

  #environment({ options, templates = {}, library }: RenderRequest): Environment {
    const key = JSON.stringify([options, library, Object.entries(templates)]);
    // A library's files may change at any time, so what was read from it is not kept for the next job.
    const known = library === undefined ? this.#environments.get(key) : undefined;
    if (known) return known;
    const loaders: Loader[] = [new MapLoader(templates)];
    if (library !== undefined) loaders.push(new FolderLoader(library));
    loaders.push(this.#http);
    const checked: EnvironmentOptions = optionsSchema.parse(options);
    const environment = new Environment(checked, new ChoiceLoader(loaders));
    if (library !== undefined) return environment;
    if (this.#environments.size >= MAX_KEPT) this.#environments.clear();
    this.#environments.set(key, environment);
    return environment;
  }
}

function asRenderFailed(error: unknown, template: string): NetPulseError {
  if (error instanceof NetPulseError) return error;
  const place = placeOf(error);
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = { template: place?.template ?? template, ...(place && { line: place.line }) };
  return pluginErrors.RenderFailed({ ...where, why }, { cause: error });
}
