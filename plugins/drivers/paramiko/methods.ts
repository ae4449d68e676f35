import {
  deviceErrors,
  type MethodCall,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { cancelDetached, followDetached, forgetDetached, listDetached } from "./detached/detached.ts";
import type { ParamikoSession } from "./session.ts";

interface Method {
  readonly parameters: readonly string[];
  readonly readsOnly: boolean;
  readonly run: (
    session: ParamikoSession,
    args: { readonly id: string; readonly offset: number },
    context: OperationContext,
  ) => Promise<unknown>;
}

/** What a job may `call`. */
export const methods: Readonly<Record<string, Method>> = {
  "detached.list": {
    parameters: [],
    readsOnly: true,
    run: (session, _args, context) => listDetached(session, context),
  },
  "detached.follow": {
    parameters: ["id", "offset"],
    readsOnly: true,
    run: (session, { id, offset }, context) => followDetached(session, id, offset, context),
  },
  "detached.cancel": {
    parameters: ["id"],
    readsOnly: false,
    run: async (session, { id }, context) => {
      await cancelDetached(session, id, context);
      return null;
    },
  },
  "detached.forget": {
    parameters: ["id"],
    readsOnly: false,
    run: async (session, { id }, context) => {
      await forgetDetached(session, id, context);
      return null;
    },
  },
};

/** Calls a method by name. Throws `NotImplemented` for an unknown one and `CallInvalid` for arguments that it does not take. */
export async function callMethod(
  session: ParamikoSession,
  { method, args }: MethodCall,
  context: OperationContext,
): Promise<unknown> {
  const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (!found) throw pluginErrors.NotImplemented({ what: `method ${method}`, driver: "paramiko" });
  return found.run(session, argumentsOf(method, found.parameters, args), context);
}

function argumentsOf(method: string, parameters: readonly string[], args: MethodCall["args"]) {
  const invalid = (why: string) => deviceErrors.CallInvalid({ method, why });
  const given: Record<string, unknown> = Array.isArray(args)
    ? Object.fromEntries(args.map((value, at) => [parameters[at] ?? `argument ${at + 1}`, value]))
    : { ...args };
  const unknown = Object.keys(given).find((name) => !parameters.includes(name));
  if (unknown !== undefined) throw invalid(`it has no parameter ${unknown}`);
  const { id = "", offset = 0 } = given;
  if (typeof id !== "string" || (parameters.includes("id") && id === ""))
    throw invalid("id must be the id of a detached program");
  if (typeof offset !== "number" || !Number.isInteger(offset) || offset < 0)
    throw invalid("offset must be a number of bytes");
  return { id, offset };
}
