import { z } from "zod";
import { CommandError } from "../../../src/device/eapi/command-error.ts";
import { failureOf } from "../../../src/device/eapi/failures.ts";
import { onlyReads } from "../../../src/device/eapi/read-only.ts";
import type { EapiSession } from "../../../src/device/eapi/session.ts";
import { napalmErrors } from "../../../src/errors/napalm.ts";
import { type MethodCall, type OperationContext, pluginErrors } from "../../../src/plugin/index.ts";
import type { Settings } from "./args.ts";
import { bindArguments } from "./bind-arguments.ts";
import { type Answer, type Check, checksOf, complianceReport } from "./compliance/report.ts";
import { RuleInvalid } from "./compliance/rule-invalid.ts";
import { runEosGetter } from "./eos/ask.ts";
import { eosGetters } from "./eos/getters.ts";
import { signatureOf } from "./eos/signatures.ts";

/** What a method works on. */
interface Called {
  readonly session: EapiSession<Settings>;
  readonly context: OperationContext;
  /** Seconds since 1970. */
  readonly now: number;
}

/** The methods that always only read; `cli` does where its commands do. */
export const readOnlyMethods: readonly string[] = [
  ...Object.keys(eosGetters),
  "is_alive",
  "compliance_report",
];

/** Getters that NAPALM has on other platforms: in a compliance report they are skipped, as any getter that the platform lacks. */
const MISSING = [
  "get_firewall_policies",
  "get_ipv6_neighbors_table",
  "get_ntp_peers",
  "get_probes_config",
  "get_probes_results",
];

/**
 * Calls a method under NAPALM's name and returns its model. Throws `NotImplemented` for one that EOS does not have and `CallInvalid` for
 * arguments that it cannot take, both before anything is sent.
 */
export async function callMethod(called: Called, call: MethodCall): Promise<unknown> {
  const { method } = call;
  if (Object.hasOwn(eosGetters, method)) {
    const args = bindArguments(call, signatureOf(method));
    return runEosGetter(called.session, method, args, called.now);
  }
  const own = Object.hasOwn(OWN, method) ? OWN[method] : undefined;
  if (own) return own(called, call);
  throw pluginErrors.NotImplemented({ what: `method ${method} on platform eos`, driver: "napalm" });
}

/** Whether a call of `cli` holds only commands that read. One that cannot be read at all is refused later and counts as a change. */
export function cliOnlyReads({ args }: MethodCall): boolean {
  const commands = z.array(z.string()).safeParse("commands" in args ? args.commands : Object.values(args)[0]);
  return commands.success && commands.data.every(onlyReads);
}

const cliSignature = z.strictObject({
  commands: z.array(z.string()),
  encoding: z.enum(["text", "json"]).optional(),
});
const complianceSignature = z.strictObject({
  validation_file: z.never({ error: "there are no files; give the rules as validation_source" }).optional(),
  validation_source: z.array(z.unknown()),
});

const OWN: Readonly<Record<string, (called: Called, call: MethodCall) => Promise<unknown>>> = {
  is_alive: async ({ session, context }, call) => {
    bindArguments(call, z.strictObject({}));
    return { is_alive: await session.isAlive(context) };
  },
  cli: async ({ session }, call) => {
    const { commands, encoding = "text" } = bindArguments(call, cliSignature);
    const results: [string, unknown][] = [];
    for (const command of commands) results.push([command, await outputOf(session, command, encoding)]);
    return Object.fromEntries(results);
  },
  compliance_report: async (called, call) => {
    const { validation_source } = bindArguments(call, complianceSignature);
    try {
      const checks = checksOf(validation_source).map((check) => ({ check, ask: askOf(called, check) }));
      const answered: { check: Check; answer: Answer }[] = [];
      for (const { check, ask } of checks) answered.push({ check, answer: await ask() });
      return complianceReport(answered);
    } catch (error) {
      if (!(error instanceof RuleInvalid)) throw error;
      throw napalmErrors.ComplianceRuleInvalid({ why: error.message }, { cause: error });
    }
  },
};

async function outputOf(session: EapiSession<Settings>, command: string, encoding: "text" | "json") {
  const { sendEnable } = session.args;
  try {
    const options = { ...session.runOptions, sendEnable };
    if (encoding === "text") return await session.node.text(command, options);
    const [result] = await session.node.runCommands(command, encoding, options);
    return result;
  } catch (error) {
    throw error instanceof CommandError ? failureOf(error, session.device, command) : error;
  }
}

/** Checks a rule's getter and its arguments at once and asks later, so that a mistake in any rule is found before anything is sent. */
function askOf({ session, now }: Called, { getter, args }: Check): () => Promise<Answer> {
  if (MISSING.includes(getter)) return () => Promise.resolve("NotImplemented");
  if (!Object.hasOwn(eosGetters, getter)) throw new RuleInvalid(`${getter} is no getter; correct its name.`);
  const bound = bindArguments({ method: getter, args }, signatureOf(getter));
  return async () => ({ value: await runEosGetter(session, getter, bound, now) });
}
