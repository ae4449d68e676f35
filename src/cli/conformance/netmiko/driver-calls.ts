import { NetmikoDriver, type NetmikoSession } from "../../../../plugins/drivers/netmiko/index.ts";
import { namedArguments } from "../../../../plugins/drivers/netmiko/methods.ts";
import type { DeviceTarget, Logger, OperationContext } from "../../../plugin/index.ts";

/** One call on Netmiko's connection object, as the records have it. */
export interface RecordedCall {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** What a session of the suite needs; `autodetect` connections take the driver's own way. */
export interface OpenSession {
  readonly driver: NetmikoDriver;
  readonly session: NetmikoSession;
}

const quiet = () => {};
const quietLog: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** An operation that ends after this time: every device of the suite is in this process. */
export function briefly(milliseconds: number): OperationContext {
  return { signal: AbortSignal.timeout(milliseconds), log: quietLog, beforeWrite: quiet };
}

/** Opens a session with ConnectHandler's arguments. Each has a driver of its own, or one refused login would delay the next. */
export async function connect(
  kwargs: Readonly<Record<string, unknown>>,
  port: number,
  context: OperationContext,
): Promise<OpenSession> {
  const { host, port: _, username, password, secret, ...args } = kwargs;
  const login = {
    username: String(username),
    password: String(password),
    ...(secret !== undefined && { secret: String(secret) }),
  };
  const driver = new NetmikoDriver({ config: {}, log: quietLog, random: () => 0.5 });
  const target: DeviceTarget = {
    name: String(args.device_type),
    host: String(host),
    port,
    credential: { ...login, data: login },
    hostKeys: { policy: "Insecure" },
    args: driver.argsSchema.parse({ ssh_algorithms: "legacy", ...args }),
  };
  return { driver, session: await driver.connect(target, context) };
}

/** Makes one recorded call: the driver knows Netmiko's methods by their names. */
export function callDriver(
  { driver, session }: OpenSession,
  call: RecordedCall,
  context: OperationContext,
): Promise<unknown> {
  if (call.method === "disconnect") return driver.disconnect(session, context);
  const args = { ...namedArguments(call.method, call.args), ...call.kwargs };
  return driver.call(session, { method: call.method, args }, context);
}
