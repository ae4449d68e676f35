import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { CommandLine } from "./command-line.ts";
import type { DeviceTypes } from "./device-type.ts";
import type { ClientStream } from "./front-end.ts";
import type { FakeDeviceOptions } from "./options.ts";
import { sshFrontEnd } from "./ssh.ts";
import { telnetFrontEnd } from "./telnet.ts";
import { type ReceivedLine, serve } from "./terminal.ts";

export { type DeviceTypes, loadDeviceTypes } from "./device-type.ts";
export { type FakeDeviceOptions, parseOptions } from "./options.ts";

/** A fake device that listens on the loopback. */
export interface FakeDevice extends AsyncDisposable {
  readonly port: number;
  /** Resolves when every session that was opened has ended and all that its client typed has been read; throws when aborted. */
  settled(signal: AbortSignal): Promise<void>;
  /** Every line received so far, in order. */
  received(): readonly ReceivedLine[];
  close(): Promise<void>;
}

/**
 * Starts a device of any type of `platforms.json`, answering as that file says. User name: any; password: `pass` or `user`.
 * Types whose name ends in `_telnet` speak Telnet, all others SSH.
 */
export async function startFakeDevice(
  types: DeviceTypes,
  type: string,
  options: FakeDeviceOptions = {},
): Promise<FakeDevice> {
  const lines: ReceivedLine[] = [];
  const sockets = new Set<Socket>();
  const sessions: Promise<void>[] = [];
  let connections = 0;

  const onSession = (stream: ClientStream): void => {
    const connection = ++connections;
    const commandLine = new CommandLine(type, types, options);
    const session = serve({
      commandLine,
      options,
      input: stream.input,
      write: stream.write,
      record: (line) => lines.push({ connection, ...line }),
    }).finally(stream.close);
    sessions.push(session);
  };
  const telnet = options.telnet || type.endsWith("_telnet");
  const accept = (telnet ? telnetFrontEnd : sshFrontEnd)(options, onSession);
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    accept(socket);
  });
  const port = await listen(server);
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const settled = async (signal: AbortSignal): Promise<void> => {
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    await Promise.race([Promise.all(sessions), aborted]);
  };
  return { port, settled, received: () => lines, close, [Symbol.asyncDispose]: close };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
