import { ArgumentError } from "../../../src/device/eapi/argument-error.ts";
import { CommandError } from "../../../src/device/eapi/command-error.ts";
import { failureOf } from "../../../src/device/eapi/failures.ts";
import { deviceErrors, type MethodCall, NetPulseError, pluginErrors } from "../../../src/plugin/index.ts";
import { type ApiMethod, bindArguments, callMethod } from "./api/method.ts";
import { apiModules } from "./api/modules.ts";
import { nodeMethods } from "./node-methods.ts";
import type { PyeapiSession } from "./session.ts";

/** Every API method under its full name, such as `vlans.create`. */
const apiMethods: Readonly<Record<string, ApiMethod>> = Object.fromEntries(
  Object.entries(apiModules).flatMap(([module, methods]) =>
    Object.entries(methods).map(([name, method]) => [`${module}.${name}`, method]),
  ),
);

/** The methods that only read, the node's and the API modules'. */
export const readOnlyMethods: readonly string[] = [
  ...Object.entries(nodeMethods),
  ...Object.entries(apiMethods),
]
  .filter(([, method]) => method.readsOnly)
  .map(([name]) => name);

/**
 * Calls a method of the node (`get_config`) or of an API module (`vlans.create`). Throws `NotImplemented`, `CallInvalid`, or what the
 * device's refusal means: a change that it refused is never just the result `false`.
 */
export async function callOn(session: PyeapiSession, { method: name, args }: MethodCall): Promise<unknown> {
  const [positional, named] = Array.isArray(args)
    ? [args, {}]
    : [[], args as Readonly<Record<string, unknown>>];
  const { node, device } = session;
  try {
    const own = nodeMethods[name];
    if (own) return await own.run(session, bindArguments(own, positional, named));
    const method = apiMethods[name];
    if (!method) throw pluginErrors.NotImplemented({ what: `method ${name}`, driver: "pyeapi" });
    node.lastError = undefined;
    const result = await callMethod(node, method, positional, named);
    if (result === false && node.lastError) throw node.lastError;
    return result;
  } catch (error) {
    if (error instanceof ArgumentError)
      throw deviceErrors.CallInvalid({ method: name, why: error.message }, { cause: error });
    if (error instanceof CommandError) throw failureOf(error, device, name);
    if (error instanceof NetPulseError) throw error;
    throw deviceErrors.DriverFailed({ device, why: String(error) }, { cause: error });
  }
}
