import type { ServerChannel } from "ssh2";
import { type RunningSshServer, type SshServerOptions, startSshServer } from "./ssh-server.ts";

/** One session of a simulated command line. Lines end with LF in what it says. */
export interface CommandLineSession {
  /** What stands before the next line; empty where a text is read. */
  readonly prompt: string;
  /** What a line prints; undefined: the session is over. */
  answer(line: string): string | undefined;
}

/** A simulated command line on the loopback address. */
export interface SimulatedCommandLine extends RunningSshServer {
  /** The lines of all sessions in order, blank ones left out. */
  readonly received: readonly string[];
}

/** Starts an SSH server whose shells echo every line and answer it. `begin` begins a session. */
export async function simulateCommandLine(
  begin: () => CommandLineSession,
  { exec }: Pick<SshServerOptions, "exec"> = {},
): Promise<SimulatedCommandLine> {
  const received: string[] = [];
  const server = await startSshServer({
    shell: (channel, connection) => serve(channel, begin(), received, () => connection.end()),
    ...(exec && { exec }),
  });
  return Object.assign(server, { received });
}

function serve(
  channel: ServerChannel,
  session: CommandLineSession,
  received: string[],
  hangUp: () => void,
): void {
  const write = (text: string) => channel.write(text.replaceAll("\n", "\r\n"));
  let line = "";
  const enter = () => {
    const entered = line;
    line = "";
    if (entered.trim() !== "") received.push(entered);
    const said = session.answer(entered);
    if (said === undefined) hangUp();
    else write(`${entered}\n${said}${session.prompt}`);
  };
  channel.on("data", (data: Buffer) => {
    for (const letter of data.toString("utf8")) {
      if (letter === "\n" || letter === "\r") enter();
      else line += letter;
    }
  });
  write(session.prompt);
}
