import {
  type DeviceTarget,
  type DriverSession,
  NetPulseError,
  type OperationContext,
} from "../../plugin/index.ts";
import { certificateTrust, refuseUnsafeHttp, throughJumpHosts } from "../https-endpoint.ts";
import type { LoginGate } from "../login-gate.ts";
import { NxapiCommandError } from "./command-error.ts";
import { NxapiConnection } from "./connection.ts";
import { nxapiFailure } from "./failures.ts";
import type { NxapiFormat, NxapiOnError } from "./json-rpc-form.ts";

/** What a driver's arguments say about a session. */
export interface NxapiSettings {
  readonly transport: "https" | "http";
  /** Longest wait for a reply to begin, and longest silence within it, in seconds. */
  readonly timeout: number;
  /** Longest wait for a connection, in seconds. */
  readonly connect_timeout: number;
  readonly connections: number;
  readonly certificate_fingerprints?: readonly string[];
  readonly server_name?: string;
}

export interface NxapiLimits {
  readonly timeoutMs?: number | undefined;
  readonly onText?: ((text: string, index: number) => void) | undefined;
  readonly onError?: NxapiOnError;
}

/** A user on a device with NX-API. Each request stands for itself: modes do not outlive it. */
export class NxapiSession implements DriverSession {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly #connection: NxapiConnection;
  readonly #timeoutMs: number;
  readonly #end: (error: Error | undefined) => void;

  constructor(device: string, connection: NxapiConnection, timeoutMs: number) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#end = resolve;
    this.device = device;
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  /** The result of each command. Throws as `NxapiConnection.execute` does. */
  execute(
    commands: readonly string[],
    format: NxapiFormat,
    { signal, beforeWrite }: OperationContext,
    { timeoutMs = this.#timeoutMs, onText, onError }: NxapiLimits = {},
  ): Promise<unknown[]> {
    return this.#connection.execute(commands, format, { signal, beforeWrite, timeoutMs, onText, onError });
  }

  /** Whether the device answers a harmless command. */
  async isAlive(context: OperationContext): Promise<boolean> {
    try {
      await this.execute([GREETING], "text", context);
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
    this.#end(undefined);
  }
}

/** The command that proves a login. */
const GREETING = "show hostname";

/**
 * Opens a session and proves it with `show hostname`. Throws `HttpNotAllowed`, `ConnectFailed`, `CertificateRejected`, `AuthFailed`,
 * `LoginPaused` and what else the first request can meet.
 */
export async function connectNxapi(
  target: DeviceTarget,
  context: OperationContext,
  { args, gate }: { readonly args: NxapiSettings; readonly gate: LoginGate },
): Promise<NxapiSession> {
  const { transport, certificate_fingerprints, server_name } = args;
  const { username = "", password = "" } = target.credential;
  if (transport === "http") refuseUnsafeHttp(target);
  const connection = new NxapiConnection({
    device: target.name,
    protocol: transport,
    host: target.host,
    port: target.port,
    username,
    password,
    trust: certificateTrust(target, certificate_fingerprints),
    serverName: server_name,
    connections: args.connections,
    connectTimeoutMs: args.connect_timeout * 1000,
    through: throughJumpHosts(target, args.connect_timeout * 1000),
  });
  const session = new NxapiSession(target.name, connection, args.timeout * 1000);
  const login = {
    device: target.name,
    host: `${target.host}:${target.port ?? ""}`,
    username,
    credential: password,
  };
  try {
    await gate.run(
      login,
      () => session.execute([GREETING], "text", context),
      (error) => error instanceof NetPulseError && error.code === "AuthFailed",
    );
    return session;
  } catch (error) {
    await session.close();
    throw error instanceof NxapiCommandError ? nxapiFailure(error, target.name) : error;
  }
}
