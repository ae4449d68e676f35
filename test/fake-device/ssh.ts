import { generateKeyPairSync } from "node:crypto";
import { StringDecoder } from "node:string_decoder";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { ClientStream, FrontEnd } from "./front-end.ts";
import { KeyInput } from "./key-input.ts";
import type { FakeDeviceOptions } from "./options.ts";

const PASSWORDS = ["pass", "user"];
let hostKey: string | undefined;

/** One RSA key for all devices of the process: making one takes a tenth of a second. */
function rsaHostKey(): string {
  hostKey ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;
  return hostKey;
}

/** The SSH side of a fake device. */
export const sshFrontEnd: FrontEnd = (options, onSession) => {
  const server = new ssh2.Server(
    {
      hostKeys: [rsaHostKey()],
      ...(options.legacyAlgorithms
        ? {
            algorithms: {
              kex: ["diffie-hellman-group14-sha1"],
              cipher: ["aes128-cbc"],
              hmac: ["hmac-sha1"],
              serverHostKey: ["ssh-rsa"],
            },
          }
        : {}),
    },
    (client) => {
      client.on("error", () => client.end());
      client.on("authentication", (context) => authenticate(context, options));
      client.on("ready", () => acceptSessions(client, onSession));
    },
  );
  return (socket) => server.injectSocket(socket);
};

function authenticate(context: AuthContext, options: FakeDeviceOptions): void {
  if (options.noauth) {
    context.accept();
  } else if (options.keyboardInteractive) {
    if (context.method !== "keyboard-interactive") {
      context.reject(["keyboard-interactive"]);
      return;
    }
    context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
      if (answers.length === 1 && PASSWORDS.includes(answers[0] ?? "")) context.accept();
      else context.reject(["keyboard-interactive"]);
    });
  } else if (context.method === "password" && PASSWORDS.includes(context.password)) {
    context.accept();
  } else {
    context.reject(["password"]);
  }
}

function acceptSessions(client: Connection, onSession: Parameters<FrontEnd>[1]): void {
  client.on("session", (accept) => {
    const session = accept();
    session.on("pty", (acceptPty) => acceptPty?.());
    session.on("window-change", (acceptChange) => acceptChange?.());
    session.on("env", (acceptEnv) => acceptEnv?.());
    session.on("shell", (acceptShell) => onSession(stream(acceptShell(), client)));
  });
}

function stream(channel: ServerChannel, client: Connection): ClientStream {
  const input = new KeyInput();
  const decoder = new StringDecoder("utf8");
  channel.on("data", (data: Buffer) => input.push(decoder.write(data)));
  channel.on("close", () => input.end());
  client.on("close", () => input.end());
  return {
    input,
    write: (text) => {
      if (channel.writable) channel.write(text);
    },
    close: () => {
      if (channel.writable) channel.exit(0);
      channel.end();
    },
  };
}
