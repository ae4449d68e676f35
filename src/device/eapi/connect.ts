import { type DeviceTarget, deviceErrors, NetPulseError, type OperationContext } from "../../plugin/index.ts";
import { certificateTrust, refuseUnsafeHttp, throughJumpHosts } from "../https-endpoint.ts";
import type { LoginGate } from "../login-gate.ts";
import { CommandError } from "./command-error.ts";
import { EapiConnection, type EapiTarget } from "./connection.ts";
import { failureOf } from "./failures.ts";
import { EapiSession, type EapiSettings } from "./session.ts";
import { type TransportName, transportOf } from "./transports.ts";

/** How to log in, where neither the pool nor its Secret says it. */
export interface EapiDefaults {
  readonly transport?: TransportName | undefined;
  readonly port?: number | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly enablepwd?: string | undefined;
}

/**
 * Opens a session and proves it with `show version`. Throws `ConnectFailed`, `CertificateRejected`, `AuthFailed`, `LoginPaused` and what
 * else the first request can meet.
 */
export async function connectEapi<Settings extends EapiSettings>(
  target: DeviceTarget,
  context: OperationContext,
  how: {
    readonly args: Settings;
    readonly defaults?: EapiDefaults;
    readonly gate: LoginGate;
    /** Makes the names of configuration sessions. */
    readonly sessionName: () => string;
  },
): Promise<EapiSession<Settings>> {
  const { args, defaults = {}, gate, sessionName } = how;
  const endpoint = endpointOf(target, args, defaults);
  const session = new EapiSession({
    device: target.name,
    args,
    credential: target.credential,
    enablepwd: target.credential.secret ?? defaults.enablepwd,
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

function endpointOf(target: DeviceTarget, args: EapiSettings, defaults: EapiDefaults): EapiTarget {
  const { credential } = target;
  const transport = args.transport ?? defaults.transport ?? "https";
  const { protocol, local } = transportOf(transport);
  if (protocol === "http" && !local) refuseUnsafeHttp(target);
  return {
    device: target.name,
    transport,
    host: target.host,
    port: target.port ?? defaults.port,
    path: args.path,
    username: credential.username ?? defaults.username ?? "admin",
    password: credential.password ?? defaults.password ?? "",
    trust: certificateTrust(target, args.certificate_fingerprints),
    serverName: args.server_name,
    clientCertificate: clientCertificate(target, transport),
    connections: args.connections,
    connectTimeoutMs: args.connect_timeout * 1000,
    through: throughJumpHosts(target, args.connect_timeout * 1000),
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
