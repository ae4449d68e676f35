import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Document, LineCounter, parseDocument } from "yaml";
import { configErrors } from "../errors/config.ts";
import { applyOverrides, environmentOverrides } from "./environment.ts";
import { describeProblems } from "./problems.ts";
import { type Config, configSchema } from "./schema.ts";

export interface LoadConfigOptions {
  /** The file to read; without it the one that `NETPULSE_CONFIG_FILE` names, else the `config/config.yaml` that comes with NetPulse. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_FILE = fileURLToPath(new URL("../../config/config.yaml", import.meta.url));

/**
 * Reads the configuration: the file, overridden by `NETPULSE_SECTION__KEY` variables, completed by defaults. Relative paths
 * in it are relative to the file's folder.
 *
 * @throws ConfigUnreadable the file is missing or not YAML
 * @throws ConfigInvalid unknown keys or wrong values; the message lists all of them with file, line, key and remedy
 */
export function loadConfig({ file, env = process.env }: LoadConfigOptions = {}): Config {
  const path = resolve(file ?? env.NETPULSE_CONFIG_FILE ?? DEFAULT_FILE);
  const lines = new LineCounter();
  const document = readDocument(path, lines);
  const content = withoutNulls(document.toJS());
  const overrides = environmentOverrides(env, configSchema, content);
  const checked = configSchema.safeParse(applyOverrides(content, overrides));
  if (!checked.success) {
    const source = { file: path, document, lines, overrides };
    throw configErrors.ConfigInvalid({ problems: describeProblems(checked.error, configSchema, source) });
  }
  return withAbsolutePaths(checked.data, dirname(path));
}

function readDocument(file: string, lines: LineCounter): Document {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw configErrors.ConfigUnreadable({
      file,
      why: error instanceof Error ? error.message : String(error),
    });
  }
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = document.errors;
  if (problem) {
    const [why = problem.message] = problem.message.split(/ at line|:\n/);
    throw configErrors.ConfigUnreadable({ file, line: lines.linePos(problem.pos[0]).line, why: `${why}.` });
  }
  return document;
}

/** A key that is there without a value, such as a section whose keys are all commented out, means its default. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutNulls(inner)]));
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path);
  const libraries = Object.entries(config.templates.libraries).map(([name, path]) => [name, absolute(path)]);
  const volumes = Object.entries(config.worker.volumes).map(([name, volume]) => [
    name,
    { ...volume, path: absolute(volume.path) },
  ]);
  return {
    ...config,
    worker: { ...config.worker, volumes: Object.fromEntries(volumes) },
    templates: { ...config.templates, libraries: Object.fromEntries(libraries) },
    plugins: { ...config.plugins, directories: config.plugins.directories.map(absolute) },
  };
}
