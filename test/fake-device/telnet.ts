import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import type { ClientStream, FrontEnd } from "./front-end.ts";
import { KeyInput } from "./key-input.ts";

const PASSWORDS = ["pass", "user"];
const IAC = 255;
const SB = 250;
const SE = 240;
const WILL = 251;

/** The Telnet side of a fake device: it negotiates nothing and asks for user name and password. */
export const telnetFrontEnd: FrontEnd = (_options, onSession) => (socket) => {
  void logIn(clientStream(socket)).then((stream) => {
    if (stream) onSession(stream);
    else socket.end();
  });
};

function clientStream(socket: Socket): ClientStream {
  const input = new KeyInput();
  const decoder = new StringDecoder("utf8");
  const plain = withoutCommands();
  socket.on("data", (data) => input.push(decoder.write(plain(data))));
  socket.on("close", () => input.end());
  socket.on("end", () => input.end());
  return {
    input,
    write: (text) => {
      if (socket.writable) socket.write(text);
    },
    close: () => socket.end(),
  };
}

async function logIn(stream: ClientStream): Promise<ClientStream | undefined> {
  stream.write("\r\nUsername: ");
  for (;;) {
    const user = await readLine(stream.input);
    if (user === undefined) return undefined;
    if (!user) {
      stream.write("\r\nUsername: ");
      continue;
    }
    stream.write(`${user}\r\nPassword: `);
    const password = await readLine(stream.input);
    if (password === undefined) return undefined;
    if (PASSWORDS.includes(password)) return stream;
    stream.write("\r\n% Login invalid\r\n\r\nUsername: ");
  }
}

async function readLine(input: KeyInput): Promise<string | undefined> {
  let line = "";
  for (;;) {
    const key = await input.next();
    if (key === undefined) return undefined;
    if (key === "\r" || key === "\n") return line;
    if (key !== "\0") line += key;
  }
}

/** Removes Telnet commands (IAC verb, IAC verb option, IAC SB … IAC SE) from a stream of buffers. */
function withoutCommands(): (data: Buffer) => Buffer {
  let state: "data" | "iac" | "option" | "sub" | "subIac" = "data";
  return (data) => {
    const out: number[] = [];
    for (const byte of data) {
      if (state === "data") {
        if (byte === IAC) state = "iac";
        else out.push(byte);
      } else if (state === "iac") {
        if (byte === IAC) out.push(byte);
        state = byte === SB ? "sub" : byte >= WILL && byte !== IAC ? "option" : "data";
      } else if (state === "option") state = "data";
      else if (state === "sub") state = byte === IAC ? "subIac" : "sub";
      else state = byte === SE ? "data" : "sub";
    }
    return Buffer.from(out);
  };
}
