import type { z } from "zod";
import type { DevicePool, NetJob, PoolDevice } from "../../api/index.ts";
import { NetPulseError, type PluginRegistry } from "../../plugin/index.ts";
import { driverOf } from "./driver-choice.ts";

/**
 * What is wrong with a job beyond what admission can see: plugins that do not exist, arguments that a plugin's own schema
 * refuses, names that lead nowhere. Each problem names the field and what to do. Nothing here touches a device.
 */
export async function problemsOf(
  job: NetJob,
  pool: DevicePool,
  devices: readonly PoolDevice[],
  plugins: PluginRegistry,
): Promise<string[]> {
  const found = await Promise.all([
    driverProblems(job, pool, devices, plugins),
    optionProblems("spec.render", job.spec.render, (name) => plugins.renderer(name)),
    ...(job.spec.parse ?? []).map((parse, index) =>
      optionProblems(`spec.parse[${index}]`, parse, (name) => plugins.parser(name)),
    ),
  ]);
  return [
    ...found.flat(),
    ...detailProblems(job),
    ...callProblems(job),
    ...verifyProblems(job),
    ...transferProblems(job, devices),
    ...webhookProblems(job, pool),
  ];
}

async function driverProblems(
  job: NetJob,
  pool: DevicePool,
  devices: readonly PoolDevice[],
  plugins: PluginRegistry,
): Promise<string[]> {
  const problems = new Map<string, string[]>();
  for (const device of devices) {
    const { name, args = {} } = driverOf(job, pool, device);
    for (const problem of await argumentProblems(name, args, plugins))
      problems.set(problem, [...(problems.get(problem) ?? []), device.name]);
  }
  return [...problems].map(([problem, names]) => `${problem} (${listed(names)})`);
}

async function argumentProblems(
  name: string,
  args: Record<string, unknown>,
  plugins: PluginRegistry,
): Promise<string[]> {
  try {
    const driver = await plugins.driver(name);
    return schemaProblems("driver.args", driver.argsSchema, args);
  } catch (error) {
    return [messageOf("driver.name", error)];
  }
}

interface EngineUse {
  readonly engine: string;
  readonly options?: Record<string, unknown> | undefined;
}

async function optionProblems(
  field: string,
  use: EngineUse | undefined,
  find: (name: string) => Promise<{ readonly optionsSchema: z.ZodType }>,
): Promise<string[]> {
  if (!use) return [];
  try {
    const engine = await find(use.engine);
    return schemaProblems(`${field}.options`, engine.optionsSchema, use.options ?? {});
  } catch (error) {
    return [messageOf(`${field}.engine`, error)];
  }
}

function schemaProblems(field: string, schema: z.ZodType, value: unknown): string[] {
  const checked = schema.safeParse(value);
  if (checked.success) return [];
  return checked.error.issues.map((issue) => `${[field, ...issue.path].join(".")}: ${issue.message}`);
}

/** Not at admission: rules there do not see a list of values of any type. */
function callProblems({ spec }: NetJob): string[] {
  const { args, kwargs, kwargsFrom } = spec.call ?? {};
  return args && (kwargs || kwargsFrom)
    ? ["spec.call: arguments go by place (args) or by name (kwargs, kwargsFrom), not both: name them all"]
    : [];
}

function detailProblems({ spec }: NetJob): string[] {
  const commands = new Set(spec.commands ?? []);
  return (spec.commandDetails ?? [])
    .filter(({ command }) => !commands.has(command))
    .map(
      ({ command }) =>
        `spec.commandDetails: ${JSON.stringify(command)} is not one of spec.commands; add it there or remove it here`,
    );
}

/** Checks that may take longer than the device waits for the confirmation would always be too late. */
function verifyProblems({ spec }: NetJob): string[] {
  const { verify = [], commit } = spec.options ?? {};
  const patterns = verify.flatMap(({ expect, reject }, index) =>
    Object.entries({ expect, reject }).flatMap(([field, pattern]) =>
      pattern === undefined || isPattern(pattern)
        ? []
        : [`spec.options.verify[${index}].${field}: ${JSON.stringify(pattern)} is no regular expression`],
    ),
  );
  const seconds = verify.reduce((sum, { withinSeconds = 0 }) => sum + withinSeconds, 0);
  const limit = commit?.confirmTimeoutSeconds;
  const late =
    limit !== undefined && seconds >= limit
      ? [
          `spec.options.verify: the checks may take ${seconds} s, and the device takes the commit back after ${limit} s; ` +
            "raise commit.confirmTimeoutSeconds or lower withinSeconds",
        ]
      : [];
  return [...patterns, ...late];
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "m");
    return true;
  } catch {
    return false;
  }
}

/** What several devices write to one file of a volume would be only that of the last. */
function transferProblems({ spec }: NetJob, devices: readonly PoolDevice[]): string[] {
  const targets = new Set<string>();
  return (spec.transfer?.files ?? []).flatMap(({ get }, index) => {
    const { volume } = get?.to ?? {};
    if (!volume) return [];
    const field = `spec.transfer.files[${index}].get.to.volume.path`;
    const target = JSON.stringify([volume.name, volume.path]);
    if (targets.has(target))
      return [`${field}: another file goes to ${volume.path} already; choose another path`];
    targets.add(target);
    return devices.length > 1 && !volume.path.includes("{device}")
      ? [
          `${field}: all devices would write to ${volume.path}; put {device} into it, which stands for the device's name`,
        ]
      : [];
  });
}

function webhookProblems({ spec }: NetJob, pool: DevicePool): string[] {
  const declared = new Set((pool.spec.webhooks ?? []).map(({ name }) => name));
  return (spec.webhooks ?? [])
    .filter(({ name, url }) => url === undefined && !declared.has(name))
    .map(
      ({ name }) =>
        `spec.webhooks: pool ${pool.metadata.name} declares no webhook ${name}; declare it there or give a url here`,
    );
}

function messageOf(field: string, error: unknown): string {
  if (error instanceof NetPulseError) return `${field}: ${error.message}`;
  return `${field}: ${error instanceof Error ? error.message : String(error)}`;
}

function listed(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
