import { netconfErrors } from "../../errors/netconf.ts";
import type { SshConnection } from "../ssh.ts";
import type { SshLogin, SshPeculiarities } from "../ssh-login.ts";
import type { Transport } from "../transport.ts";
import { NetconfClient } from "./client.ts";
import type { NetconfOptions } from "./session.ts";

/** The port of NETCONF over SSH by RFC 6242. */
export const NETCONF_PORT = 830;

/**
 * Logs in as every SSH driver does and starts NETCONF there. Throws `NetconfUnavailable`, and what `SshLogin.connect` and
 * `NetconfClient.open` throw.
 *
 * @example
 * const login = new SshLogin(logins, target, args, context);
 * const client = await connectNetconf(login, { device: target.name, beforeWrite: context.beforeWrite, signal: context.signal });
 */
export async function connectNetconf(
  login: SshLogin,
  options: NetconfOptions & { readonly port?: number; readonly peculiarities?: SshPeculiarities },
): Promise<NetconfClient> {
  const { port = login.port(NETCONF_PORT), peculiarities, ...session } = options;
  options.beforeWrite?.();
  const connection = await login.connect(port, peculiarities);
  try {
    return await NetconfClient.open(await subsystem(connection, session.device), session);
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function subsystem(connection: SshConnection, device: string): Promise<Transport> {
  try {
    return await connection.subsystem("netconf");
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    throw netconfErrors.NetconfUnavailable({ device, why }, { cause: error });
  }
}
