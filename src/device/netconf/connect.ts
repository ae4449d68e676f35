import type { SshLogin, SshPeculiarities } from "../ssh-login.ts";
import { NetconfClient } from "./client.ts";
import type { NetconfOptions } from "./session.ts";

/** The port of NETCONF over SSH by RFC 6242. */
export const NETCONF_PORT = 830;

/**
 * Logs in as every SSH driver does and starts NETCONF there. Throws what `SshLogin.connect` and `NetconfClient.open` throw.
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
    return await NetconfClient.open(await connection.subsystem("netconf"), session);
  } catch (error) {
    connection.close();
    throw error;
  }
}
