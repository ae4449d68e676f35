import { deviceErrors, type NetPulseError } from "../../plugin/index.ts";
import type { NxapiCommandError } from "./command-error.ts";

/** What NX-API's refusal means to the user. */
export function nxapiFailure(error: NxapiCommandError, device: string): NetPulseError {
  const { command, code } = error;
  const answer = error.answer || error.message;
  const cause = { cause: error };
  if (UNSUPPORTED.has(code)) return deviceErrors.ApiUnsupported({ device, answer }, cause);
  if (/permission denied|not authorized/i.test(answer))
    return deviceErrors.CommandUnauthorised({ device, command, answer }, cause);
  return deviceErrors.CommandRejected({ device, command, answer }, cause);
}

/** JSON-RPC's: the request could not be read, is none, or names a method that is not there. */
const UNSUPPORTED: ReadonlySet<number> = new Set([-32700, -32600, -32601]);
