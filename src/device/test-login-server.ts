import type { AddressInfo } from "node:net";
import ssh2, { type AuthContext, type Connection, type KeyboardAuthContext, type ServerConfig } from "ssh2";
import { newHostKey } from "../simulator/index.ts";

/** One stage of a login: what it is called and whether it lets somebody on. */
export interface LoginStage {
  readonly method: "password" | "keyboard-interactive" | "publickey";
  /** `ask` asks in keyboard-interactive and resolves with the answers. */
  readonly accepts: (
    context: AuthContext,
    ask: Ask,
    /** Ends the connection with a reason. */
    hangUp: (reason: string) => void,
  ) => boolean | Promise<boolean>;
}

/** A round of questions with the text that goes with it. */
export type Ask = (questions: readonly string[], instructions?: string) => Promise<readonly string[]>;

export interface LoginServer {
  readonly port: number;
  /** Method names of all attempts, in order, `none` and looks at keys left out. */
  readonly attempts: readonly string[];
  /** Passwords and answers that arrived, in order. */
  readonly secrets: readonly string[];
  /** TCP connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** An SSH server that lets somebody in after several stages, each of which is offered only when the one before is done. For tests. */
export async function loginServer(
  stages: readonly LoginStage[],
  options: {
    readonly also?: readonly LoginStage["method"][];
    readonly algorithms?: ServerConfig["algorithms"];
  } = {},
): Promise<LoginServer> {
  const attempts: string[] = [];
  const secrets: string[] = [];
  let connections = 0;
  const server = new ssh2.Server(
    { hostKeys: [newHostKey()], ...(options.algorithms && { algorithms: options.algorithms }) },
    (connection) => {
      let at = 0;
      connection.on("error", () => {});
      connection.on("authentication", (context) => {
        const stage = stages[at];
        const refuse = (partial: boolean) =>
          context.reject(
            [...new Set([stages[at]?.method ?? ("password" as const), ...(options.also ?? [])])],
            partial,
          );
        if (context.method === "none") {
          refuse(false);
          return;
        }
        if (context.method === "publickey" && !context.signature) {
          context.accept();
          return;
        }
        attempts.push(context.method);
        if (context.method === "password") secrets.push(context.password);
        if (stage?.method !== context.method) {
          refuse(false);
          return;
        }
        const hangUp = (reason: string) => disconnect(connection, reason);
        void decided(stage, context, secrets, hangUp).then((accepted) => {
          if (accepted && at + 1 === stages.length) context.accept();
          else {
            if (accepted) at++;
            refuse(accepted);
          }
        });
      });
    },
  );
  (server as unknown as { _srv: NodeJS.EventEmitter })._srv.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    attempts,
    secrets,
    get connections() {
      return connections;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** ssh2 sends no text of a server's own with a disconnection: RFC 4253, section 11.1, reason 2. */
function disconnect(connection: Connection, reason: string): void {
  const inside = connection as unknown as {
    _protocol: {
      _packetRW: {
        write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer };
      };
      _cipher: { encrypt(packet: Buffer): void };
    };
  };
  const { _packetRW, _cipher } = inside._protocol;
  const text = Buffer.from(reason);
  const packet = _packetRW.write.alloc(1 + 4 + 4 + text.length + 4);
  let at = _packetRW.write.allocStart;
  packet[at] = 1;
  at = packet.writeUInt32BE(2, at + 1);
  at = packet.writeUInt32BE(text.length, at);
  at += text.copy(packet, at);
  packet.writeUInt32BE(0, at);
  _cipher.encrypt(_packetRW.write.finalize(packet));
}

async function decided(
  stage: LoginStage,
  context: AuthContext,
  secrets: string[],
  hangUp: (reason: string) => void,
): Promise<boolean> {
  const ask: Ask = async (questions, instructions = "") => {
    const prompts = questions.map((prompt) => ({ prompt, echo: false }));
    const answers = await new Promise<readonly string[]>((resolve) => {
      (context as KeyboardAuthContext).prompt(prompts, "", instructions, (given) => resolve(given ?? []));
    });
    secrets.push(...answers);
    return answers;
  };
  return stage.accepts(context, ask, hangUp);
}
