import { SshLogin, type SshLogins } from "../../../src/device/ssh-login.ts";
import type { DeviceTarget, OperationContext } from "../../../src/plugin/index.ts";
import { parseArgs } from "./args.ts";
import type { ParamikoSession } from "./session.ts";
import { sudoPassword } from "./sudo-password.ts";

/** Logs in to a host. No program is started yet. */
export async function connect(
  logins: SshLogins,
  target: DeviceTarget,
  context: OperationContext,
): Promise<ParamikoSession> {
  const args = parseArgs(target.args);
  const loginFor = (operation: OperationContext) => new SshLogin(logins, target, args, operation);
  const login = loginFor(context);
  context.beforeWrite();
  const connection = await login.connect(login.port(22));
  const session: ParamikoSession = {
    device: target.name,
    args,
    credential: login.credential,
    connection,
    again: (operation) => loginFor(operation).connect(login.port(22)),
    closed: connection.closed,
    cannotSignal: cannotSignal(connection.serverVersion, login.credential.username),
    sudo: sudoPassword(
      target.name,
      `${login.host}:${login.port(22)}`,
      login.credential,
      logins.gate.refusals,
    ),
    gone: false,
    running: new Set(),
  };
  void connection.closed.then(() => {
    session.gone = true;
  });
  return session;
}

/** OpenSSH does not send signals for a user that has root's rights already; others reach a program, but not what it started. */
function cannotSignal(server: string, username: string | undefined): boolean {
  return username === "root" || !/OpenSSH/i.test(server);
}
