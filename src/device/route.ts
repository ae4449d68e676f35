import type { Duplex } from "node:stream";
import { connectSsh, type SshConnection, type SshTarget } from "./ssh.ts";

/** A host to go through: everything of an SSH target but the stream. */
export type Hop = Omit<SshTarget, "stream">;

/** A stream through a chain of hosts. */
export interface Route {
  readonly stream: Duplex;
  /** Ends all hops. */
  close(): void;
}

/**
 * Logs in on each host in turn, each through the one before, and opens a stream from the last to the destination. Undefined without
 * hops. Throws what `connectSsh` throws, naming the hop.
 *
 * @example
 * const route = await openRoute([bastion, inner], { host: "10.0.0.1", port: 22 });
 */
export async function openRoute(
  hops: readonly Hop[],
  destination: { readonly host: string; readonly port: number },
): Promise<Route | undefined> {
  const open: SshConnection[] = [];
  const close = () => {
    for (const connection of open.toReversed()) connection.close();
  };
  try {
    let stream: Duplex | undefined;
    for (const [at, hop] of hops.entries()) {
      const connection = await connectSsh({ ...hop, ...(stream && { stream }) });
      open.push(connection);
      const next = hops[at + 1] ?? destination;
      stream = await connection.forward(next.host, next.port);
    }
    if (!stream) return undefined;
    stream.once("close", close);
    return { stream, close };
  } catch (error) {
    close();
    throw error;
  }
}
