import type { ExecChannel } from "../../../src/device/exec-channel.ts";
import type { SshConnection } from "../../../src/device/ssh.ts";
import type { Credential, DriverSession, OperationContext } from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { SudoPassword } from "./sudo-password.ts";

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
  /** What sudo made of the password of late, on whatever session: a refused one is not sent again for a while. */
  readonly sudo: SudoPassword;
  /** The connection has ended. */
  gone: boolean;
  /** Programs whose channels the server has not closed yet. */
  readonly running: Set<ExecChannel>;
}
