import { type ZodType, z } from "zod";
import { platformOf, platforms } from "./platforms.ts";

/**
 * Checks `driver.args`: which platform, then that platform's own table. NAPALM's `optional_args` stand beside the others or within a map
 * of that name. The result has the platform's own name as `platform`.
 */
export const argsSchema: ZodType<Record<string, unknown>> = z
  .record(z.string(), z.unknown())
  .transform((given, context) => {
    const args = withOptionalArgs(given);
    const name = args.platform ?? args.device_type;
    const platform = typeof name === "string" ? platformOf(name) : undefined;
    if (!platform) {
      context.addIssue({ code: "custom", path: ["platform"], message: withoutPlatform(name) });
      return z.NEVER;
    }
    const checked = platform.arguments.schema.safeParse(args);
    if (checked.success) return { ...checked.data, platform: platform.name };
    for (const { path, message } of checked.error.issues)
      context.addIssue({ code: "custom", path: [...path], message });
    return z.NEVER;
  });

function withoutPlatform(name: unknown): string {
  const known = Object.keys(platforms).join(", ");
  return name === undefined
    ? `platform is missing: set driver.args.platform to one of ${known}`
    : `${String(name)} is no platform of NAPALM; one of ${known} is`;
}

function withOptionalArgs(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested = z.record(z.string(), z.unknown()).safeParse(args.optional_args);
  if (!nested.success) return args;
  const { optional_args, ...rest } = args;
  return { ...nested.data, ...rest };
}
