import type { ExecChannel } from "../../../src/device/exec-channel.ts";
import type { SshConnection } from "../../../src/device/ssh.ts";
import type { Credential, DriverSession, OperationContext } from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";

/** A live connection to a host. Each program runs on a channel of its own. */
export interface ParamikoSession extends DriverSession {
  readonly device: string;
  readonly args: Args;
  readonly credential: Credential;
  readonly connection: SshConnection;
  /** Logs in once more, where the server has no room for another channel. */
  readonly again: (context: OperationContext) => Promise<SshConnection>;
  /** The server has no signals for this user's programs. */
  readonly cannotSignal: boolean;
  /** sudo refused the password: it is not sent again on this session, so that no account is locked. */
  sudoRefused: boolean;
  /** The connection has ended. */
  gone: boolean;
  /** Programs whose channels the server has not closed yet. */
  readonly running: Set<ExecChannel>;
}
