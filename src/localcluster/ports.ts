import { once } from "node:events";
import { createServer } from "node:net";

/** Given out in this process already: the system may offer a port again before its program has bound it. */
const given = new Set<number>();

/** A TCP port on 127.0.0.1 that nothing listens on and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    await once(server, "close");
    if (address !== null && typeof address === "object" && !given.has(address.port)) {
      given.add(address.port);
      return address.port;
    }
  }
}
