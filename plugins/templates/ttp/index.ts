import {
  BaseTemplateParser,
  NetPulseError,
  type ParseRequest,
  type PluginEnvironment,
  pluginErrors,
  z,
} from "netpulse/plugin";
import { PythonMacroHost, Ttp, XmlParseError } from "./engine.ts";
import { libraryPath } from "./library.ts";

const configSchema = z.strictObject({
  macros: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          "Whether Python macros of templates run, in a process without rights. A template that needs one fails otherwise.",
        ),
      timeoutSeconds: z
        .number()
        .positive()
        .max(600)
        .default(10)
        .describe("Longest time for one call of a macro."),
      memoryMiB: z
        .number()
        .int()
        .min(64)
        .max(2048)
        .default(256)
        .describe("Memory for the Python of one template."),
    })
    .prefault({})
    .describe("Python macros of templates."),
});
type Config = z.infer<typeof configSchema>;

const optionsSchema = z.strictObject({
  /** As `result(structure=...)` of TTP. */
  structure: z.enum(["list", "dictionary", "flat_list"]).default("list"),
  /** Only the results of the inner templates of these names. */
  templates: z.array(z.string()).default([]),
  /** Variables that the template may use. */
  vars: z.record(z.string(), z.unknown()).default({}),
  /** Path elements of all digits become numbers. */
  dynamicPathKeyToInt: z.boolean().default(false),
  /** `raw` gives data; the others text. */
  format: z.enum(["raw", "json", "yaml", "pprint", "table", "csv", "tabulate"]).default("raw"),
});
type Options = z.infer<typeof optionsSchema>;

/** Interpreters that are kept, each for the macros of one template: about 100 MB each. */
const KEPT_INTERPRETERS = 2;

/** TTP templates, given or found in a ttp-templates folder by platform and command. */
export class TtpParser extends BaseTemplateParser<Config> {
  static override readonly templateName = "ttp";
  static readonly configSchema = configSchema;
  readonly optionsSchema = optionsSchema;
  readonly #config: Config;
  // Templates do not share an interpreter: what one leaves behind in it is no other's business.
  readonly #interpreters = new Map<string, PythonMacroHost>();

  constructor(environment: PluginEnvironment) {
    super(environment);
    this.#config = configSchema.parse(environment.config ?? {});
  }

  override parse(request: ParseRequest): unknown {
    const options = optionsSchema.parse(request.options);
    try {
      return this.#parse(request, options);
    } catch (error) {
      throw asParseFailed(error, describe(request));
    }
  }

  #parse(request: ParseRequest, options: Options): unknown {
    const library = request.library ?? process.env.TTP_TEMPLATES_DIR;
    const template = request.template?.text ?? lookedUp(request, library);
    const macros = this.#config.macros.enabled ? this.#interpreter(template, library) : undefined;
    const parser = new Ttp({
      template,
      vars: options.vars,
      dynamicPathKeyToInt: options.dynamicPathKeyToInt,
      ...(library === undefined ? {} : { library }),
      ...(macros === undefined ? {} : { macros }),
    });
    parser.addText(request.input);
    parser.parse();
    for (const warning of parser.warnings) this.log.debug({ template: describe(request) }, warning);
    return parser.result({
      structure: options.structure,
      templates: options.templates,
      ...(options.format === "raw" ? {} : { format: options.format }),
    });
  }

  #interpreter(template: string, library: string | undefined): PythonMacroHost {
    const key = `${library ?? ""}\0${template}`;
    const present = this.#interpreters.get(key);
    if (present !== undefined) return present;
    const [oldest] = this.#interpreters;
    if (oldest !== undefined && this.#interpreters.size >= KEPT_INTERPRETERS) {
      oldest[1].close();
      this.#interpreters.delete(oldest[0]);
    }
    const { timeoutSeconds, memoryMiB } = this.#config.macros;
    const limits = { callTimeoutMs: timeoutSeconds * 1000, memoryMiB };
    const host = new PythonMacroHost(library === undefined ? limits : { ...limits, library });
    this.#interpreters.set(key, host);
    return host;
  }
}

/** A template named by platform and command is read from the library by the parser itself. */
function lookedUp({ lookup }: ParseRequest, library: string | undefined): string {
  if (lookup === undefined) throw new Error("neither a template nor a look-up was given");
  if (library === undefined)
    throw new Error(
      "there is no template library: name its folder in templates.libraries of config.yaml, or in TTP_TEMPLATES_DIR",
    );
  return `ttp://${libraryPath(lookup.platform, lookup.command)}`;
}

function describe({ template, lookup }: ParseRequest): string {
  return template?.name ?? (lookup === undefined ? "template" : `${lookup.platform} ${lookup.command}`);
}

function asParseFailed(error: unknown, template: string): Error {
  if (error instanceof NetPulseError) return error;
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const place = error instanceof XmlParseError ? { line: error.line } : {};
  return pluginErrors.ParseFailed({ template, ...place, why }, { cause: error });
}
