import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server and cuts their connection after a number of bytes. */
export interface CuttingProxy {
  readonly port: number;
  /** Bytes that went so far, to the server and from it. */
  readonly sent: number;
  readonly received: number;
  /** Cuts once, when so many more bytes have gone in a direction; the next connection is whole again. */
  cutAfter(direction: "sent" | "received", bytes: number): void;
  stop(): Promise<void>;
}

export async function startProxy(target: number): Promise<CuttingProxy> {
  const gone = { sent: 0, received: 0 };
  let cut: { direction: "sent" | "received"; at: number } | undefined;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect({ port: target, host: "127.0.0.1" });
    const both = [client, upstream];
    const end = () => {
      for (const socket of both) socket.destroy();
    };
    const carry = (from: Socket, to: Socket, direction: "sent" | "received") => {
      from.on("data", (data: Buffer) => {
        const left = cut?.direction === direction ? cut.at - gone[direction] : Number.POSITIVE_INFINITY;
        const part = data.length > left ? data.subarray(0, Math.max(0, left)) : data;
        gone[direction] += part.length;
        if (part.length < data.length) {
          cut = undefined;
          // What was let through arrives: a cut loses only what comes after it.
          to.write(part, () => setImmediate(end));
          from.removeAllListeners("data");
          from.pause();
          return;
        }
        if (!to.write(data)) {
          from.pause();
          to.once("drain", () => from.resume());
        }
      });
    };
    carry(client, upstream, "sent");
    carry(upstream, client, "received");
    for (const socket of both) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get sent() {
      return gone.sent;
    },
    get received() {
      return gone.received;
    },
    cutAfter(direction, bytes) {
      cut = { direction, at: gone[direction] + bytes };
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
