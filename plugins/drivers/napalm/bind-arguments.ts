import type { z } from "zod";
import { deviceErrors, type MethodCall } from "../../../src/plugin/index.ts";

/**
 * The arguments of a call by name, checked by its signature, whose keys are the order of positional ones. Throws `CallInvalid`.
 *
 * @example
 * bindArguments({ method: "ping", args: ["192.0.2.1"] }, signature); // { destination: "192.0.2.1" }
 */
export function bindArguments<Signature extends z.ZodObject>(
  { method, args }: MethodCall,
  signature: Signature,
): z.output<Signature> {
  const names = Object.keys(signature.shape);
  const checked = signature.safeParse(byName({ method, args }, names));
  if (checked.success) return checked.data;
  const why = checked.error.issues.map((issue) => problemOf(issue, names));
  throw deviceErrors.CallInvalid({ method, why: why.join("; ") });
}

function problemOf(issue: z.core.$ZodIssue, names: readonly string[]): string {
  if (issue.code === "unrecognized_keys")
    return `it has no parameter ${issue.keys.join(", ")} (it has ${names.join(", ") || "none"})`;
  const path = issue.path.join(".");
  if (issue.message.endsWith("received undefined")) return `${path} is required`;
  return [path, issue.message.replace(/^Invalid input: /, "")].filter(Boolean).join(": ");
}

/** Null is Python's None: not given. */
function byName({ method, args }: MethodCall, names: readonly string[]): Record<string, unknown> {
  const entries = Array.isArray(args)
    ? args.map((value, index): [string, unknown] => [nameAt(names, index, method), value])
    : Object.entries(args);
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function nameAt(names: readonly string[], index: number, method: string): string {
  const name = names[index];
  if (name !== undefined) return name;
  const takes =
    names.length === 0 ? "no arguments" : `at most ${names.length} arguments (${names.join(", ")})`;
  throw deviceErrors.CallInvalid({ method, why: `takes ${takes}` });
}
