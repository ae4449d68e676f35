import { connectEapi, type EapiDefaults } from "../../../src/device/eapi/connect.ts";
import { TRANSPORTS, type TransportName } from "../../../src/device/eapi/transports.ts";
import type { LoginGate } from "../../../src/device/index.ts";
import { type DeviceTarget, deviceErrors, type OperationContext } from "../../../src/plugin/index.ts";
import { type Args, parseArgs } from "./args.ts";
import { parseEapiConf } from "./eapi-conf.ts";
import type { PyeapiSession } from "./session.ts";

/** Opens a session as the pool, its Secret and, if that has one, the connection in its `eapi.conf` say. Throws what `connectEapi` throws. */
export async function connect(
  target: DeviceTarget,
  context: OperationContext,
  gate: LoginGate,
  sessionName: () => string,
): Promise<PyeapiSession> {
  const args = parseArgs(target.args);
  return connectEapi(target, context, { args, defaults: defaultsOf(target, args), gate, sessionName });
}

function defaultsOf(target: DeviceTarget, args: Args): EapiDefaults {
  const { transport, port, username, password, enablepwd } = fromEapiConf(target, args);
  return {
    transport: transportNamed(target.name, transport),
    port: port === undefined ? undefined : Number(port),
    username,
    password,
    enablepwd,
  };
}

function fromEapiConf(target: DeviceTarget, args: Args): Readonly<Record<string, string>> {
  const text = target.credential.data["eapi.conf"];
  if (text === undefined) return {};
  const { connections } = parseEapiConf(text);
  const found = connections.get(args.connection ?? target.name);
  if (!found && args.connection !== undefined)
    throw deviceErrors.CallInvalid({
      method: "connection",
      why: `the eapi.conf in the Secret has no connection ${args.connection}`,
    });
  return found ?? {};
}

function transportNamed(device: string, name: string | undefined): TransportName | undefined {
  if (name === undefined || name in TRANSPORTS) return name as TransportName | undefined;
  throw deviceErrors.CallInvalid({
    method: device,
    why: `the eapi.conf names the transport ${name}, which is none of ${Object.keys(TRANSPORTS).join(", ")}`,
  });
}
