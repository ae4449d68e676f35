import { z } from "zod";
import { napalmErrors } from "../../../src/errors/napalm.ts";
import {
  deviceErrors,
  type MethodCall,
  nearestName,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { bindArguments } from "./bind-arguments.ts";
import { type Answer, type Check, checksOf, complianceReport } from "./compliance/report.ts";
import { RuleInvalid } from "./compliance/rule-invalid.ts";
import { models } from "./models.ts";
import { platformOf, platforms } from "./platforms.ts";
import { notImplemented, type PlatformSession, type VerbCall } from "./session.ts";

/** Every getter that a platform of NAPALM has; one that a platform lacks is skipped in its compliance report. */
const GETTERS: ReadonlySet<string> = new Set([
  ...Object.keys(models),
  ...Object.values(platforms).flatMap(({ getters }) => getters),
]);

/** The methods that always only read; `cli` does where its commands do. */
export const readOnlyMethods: readonly string[] = [
  ...GETTERS,
  "is_alive",
  "compliance_report",
  "has_pending_commit",
  "plan_config",
];

/**
 * Calls a method under NAPALM's name and returns its model. Throws `NotImplemented` for one that the platform does not have and
 * `CallInvalid` for arguments that it cannot take, both before anything is sent.
 */
export async function callMethod(
  session: PlatformSession,
  call: MethodCall,
  context: OperationContext,
): Promise<unknown> {
  const { method } = call;
  const platform = platformOf(session.platform);
  if (platform?.getters.includes(method))
    return session.get(method, bindArguments(call, platform.signatureOf(method)), context);
  const own = Object.hasOwn(OWN, method) ? OWN[method] : undefined;
  if (own) return own(session, call, context);
  throw misspelt(method) ?? notImplemented(method, session.platform);
}

/** A name that no platform has, where another may have been meant. */
function misspelt(method: string): Error | undefined {
  const known = [...GETTERS, ...Object.keys(OWN)];
  const near = known.includes(method) ? undefined : nearestName(method, known);
  return near === undefined
    ? undefined
    : deviceErrors.CallInvalid({ method, why: `there is no such method: did you mean ${near}?` });
}

/** Whether a call of `cli` holds only commands that read. One that cannot be read at all is refused later and counts as a change. */
export function cliOnlyReads({ args }: MethodCall, onlyReads: (command: string) => boolean): boolean {
  const commands = z.array(z.string()).safeParse("commands" in args ? args.commands : Object.values(args)[0]);
  return commands.success && commands.data.every(onlyReads);
}

function meant(getter: string): string {
  const near = nearestName(getter, [...GETTERS]);
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

type Method = (session: PlatformSession, call: MethodCall, context: OperationContext) => Promise<unknown>;

const none = z.strictObject({});
const noFile = z.never({ error: "there are no files; give the text as config" }).optional();
const loading = z.strictObject({ filename: noFile, config: z.string().min(1) });
const commit = z.strictObject({
  message: z.string().optional(),
  revert_in: z.number().int().positive().optional(),
});
const cliSignature = z.strictObject({
  commands: z.array(z.string()),
  encoding: z.enum(["text", "json"]).optional(),
});
const complianceSignature = z.strictObject({
  validation_file: z.never({ error: "there are no files; give the rules as validation_source" }).optional(),
  validation_source: z.array(z.unknown()),
});
const planSignature = z.strictObject({
  config: z.string().min(1),
  mode: z.enum(["Merge", "Replace"]).default("Merge"),
  message: z.string().optional(),
  revert_in: z.number().int().positive().optional(),
});
const templateSignature = z.looseObject({
  template_name: z.string().optional(),
  template_source: z.string({ error: "give the template's text as template_source; there are no files" }),
  template_path: z.never({ error: "there are no files; give the text as template_source" }).optional(),
});

const OWN: Readonly<Record<string, Method>> = {
  is_alive: async (session, call, context) => {
    bindArguments(call, none);
    return { is_alive: await session.isAlive(context) };
  },
  cli: async (session, call, context) => {
    const { commands, encoding = "text" } = bindArguments(call, cliSignature);
    return session.cli(commands, encoding, context);
  },
  compliance_report: async (session, call, context) => {
    const { validation_source } = bindArguments(call, complianceSignature);
    try {
      const checks = checksOf(validation_source).map((check) => ({
        check,
        ask: askOf(session, check, context),
      }));
      const answered: { check: Check; answer: Answer }[] = [];
      for (const { check, ask } of checks) answered.push({ check, answer: await ask() });
      return complianceReport(answered);
    } catch (error) {
      if (!(error instanceof RuleInvalid)) throw error;
      throw napalmErrors.ComplianceRuleInvalid({ why: error.message }, { cause: error });
    }
  },
  plan_config: async (session, call) => {
    const { config, mode, message, revert_in } = bindArguments(call, planSignature);
    return session.plan({ config, mode, commit: commitOptions({ message, revert_in }) });
  },
  load_template: async (session, call, context) => {
    const { template_name, template_source, template_path, ...variables } = bindArguments(
      call,
      templateSignature,
    );
    if (!context.render)
      throw pluginErrors.NotImplemented({
        what: "load_template without a template engine",
        driver: "napalm",
      });
    const config = await context.render("jinja2", template_source, variables);
    return session.verb({ verb: "load_merge_candidate", config }, context);
  },
  load_merge_candidate: loadInto("load_merge_candidate"),
  load_replace_candidate: loadInto("load_replace_candidate"),
  commit_config: async (session, call, context) =>
    session.verb({ verb: "commit_config", options: commitOptions(bindArguments(call, commit)) }, context),
  compare_config: plain("compare_config"),
  confirm_commit: plain("confirm_commit"),
  has_pending_commit: plain("has_pending_commit"),
  discard_config: plain("discard_config"),
  rollback: plain("rollback"),
};

function loadInto(verb: "load_merge_candidate" | "load_replace_candidate"): Method {
  return async (session, call, context) => {
    const { config } = bindArguments(call, loading);
    return session.verb({ verb, config }, context);
  };
}

function plain(
  verb: Exclude<VerbCall, { readonly options: unknown } | { readonly config: unknown }>["verb"],
): Method {
  return async (session, call, context) => {
    bindArguments(call, none);
    return session.verb({ verb }, context);
  };
}

function commitOptions({
  message,
  revert_in,
}: {
  message?: string | undefined;
  revert_in?: number | undefined;
}) {
  return {
    ...(message !== undefined && message !== "" && { message }),
    ...(revert_in !== undefined && { revertIn: revert_in }),
  };
}

/** Checks a rule's getter and its arguments at once and asks later, so that a mistake in any rule is found before anything is sent. */
function askOf(
  session: PlatformSession,
  { getter, args }: Check,
  context: OperationContext,
): () => Promise<Answer> {
  if (!GETTERS.has(getter))
    throw new RuleInvalid(`${getter} is no getter${meant(getter)}; correct its name.`);
  const platform = platformOf(session.platform);
  if (!platform?.getters.includes(getter)) return () => Promise.resolve("NotImplemented");
  const bound = bindArguments({ method: getter, args }, platform.signatureOf(getter));
  return async () => ({ value: await session.get(getter, bound, context) });
}
