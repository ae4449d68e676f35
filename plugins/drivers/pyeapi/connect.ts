import type { CertificateTrust, LoginGate } from "../../../src/device/index.ts";
import {
  type DeviceTarget,
  deviceErrors,
  NetPulseError,
  type OperationContext,
} from "../../../src/plugin/index.ts";
import { type Args, parseArgs } from "./args.ts";
import { CommandError } from "./command-error.ts";
import { EapiConnection, type EapiTarget } from "./connection.ts";
import { parseEapiConf } from "./eapi-conf.ts";
import { failureOf } from "./failures.ts";
import { PyeapiSession } from "./session.ts";
import { TRANSPORTS, type TransportName, transportOf } from "./transports.ts";

/**
 * Opens a session and proves it with `show version`. Throws `ConnectFailed`, `CertificateRejected`, `AuthFailed`, `LoginPaused` and what
 * else the first request can meet.
 */
export async function connect(
  target: DeviceTarget,
  context: OperationContext,
  gate: LoginGate,
  sessionName: () => string,
): Promise<PyeapiSession> {
  const args = parseArgs(target.args);
  const { endpoint, enablepwd } = resolve(target, args);
  const session = new PyeapiSession({
    device: target.name,
    args,
    credential: target.credential,
    enablepwd,
    connection: new EapiConnection(endpoint),
    sessionName,
  });
  const login = {
    device: target.name,
    host: `${endpoint.host}:${endpoint.port ?? ""}`,
    username: endpoint.username,
    credential: endpoint.password,
  };
  try {
    await gate.run(
      login,
      () => session.during(context, () => session.node.release()),
      (error) => error instanceof NetPulseError && error.code === "AuthFailed",
    );
    return session;
  } catch (error) {
    await session.close();
    throw error instanceof CommandError ? failureOf(error, target.name, "show version") : error;
  }
}

/** Endpoint and enable password from the pool, its Secret and, if that has one, the connection in its `eapi.conf`. */
function resolve(
  target: DeviceTarget,
  args: Args,
): { readonly endpoint: EapiTarget; readonly enablepwd: string | undefined } {
  const { credential } = target;
  const configured = fromEapiConf(target, args);
  const transport = args.transport ?? transportNamed(target.name, configured.transport) ?? "https";
  const port = target.port ?? (configured.port === undefined ? undefined : Number(configured.port));
  refuseUnsafe(target, transport);
  return {
    endpoint: {
      device: target.name,
      transport,
      host: target.host,
      port,
      path: args.path,
      username: credential.username ?? configured.username ?? "admin",
      password: credential.password ?? configured.password ?? "",
      trust: trustOf(target, args),
      serverName: args.server_name,
      clientCertificate: clientCertificate(target, transport),
      connections: args.connections,
      connectTimeoutMs: args.connect_timeout * 1000,
    },
    enablepwd: credential.secret ?? configured.enablepwd,
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

/** Without TLS the password is readable on the way, and nothing shows which device answers. */
function refuseUnsafe({ name, hostKeys }: DeviceTarget, transport: TransportName): void {
  const { protocol, local } = transportOf(transport);
  if (protocol === "http" && !local && hostKeys.policy === "Strict")
    throw deviceErrors.HttpNotAllowed({ device: name });
}

function trustOf({ hostKeys, credential }: DeviceTarget, args: Args): CertificateTrust {
  if (hostKeys.policy === "Insecure" && !args.certificate_fingerprints) return { policy: "Insecure" };
  const ca = credential.data["ca.crt"];
  const pool = hostKeys.policy === "Strict" ? hostKeys.fingerprints : [];
  return {
    policy: "Verify",
    ...(ca !== undefined && { ca }),
    fingerprints: args.certificate_fingerprints ?? pool,
    pinnedOnly: args.certificate_fingerprints !== undefined,
  };
}

function clientCertificate({ name, credential }: DeviceTarget, transport: TransportName) {
  const certificate = credential.data["tls.crt"];
  const key = credential.data["tls.key"];
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  if (transportOf(transport).clientCertificate)
    throw deviceErrors.CallInvalid({
      method: name,
      why: "transport https_certs needs tls.crt and tls.key in the Secret that the pool's credential names",
    });
  return undefined;
}
