import { type AddressInfo, createServer, type Socket } from "node:net";
import { Device, type DeviceOptions, listed } from "../../simulator/device.ts";
import { Session } from "../../simulator/session.ts";

export interface SimulatedLine {
  readonly port: number;
  /** Every line that the device received, as a simulated device tells it. */
  received(): string[];
  /** What the device stands at: nobody is logged in, or the mode of its session. */
  readonly state: string;
  /** User names and passwords that were given, in order. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

/**
 * A serial console: one device, whose session outlives the connections to its line. It is silent until Return is pressed, asks for user name and
 * password, and ends up there again after `exit`. Speaks plain TCP, as a line that a console server has. For tests.
 */
export async function simulatedLine(
  options: Partial<DeviceOptions> & {
    readonly platform?: string;
    readonly username?: string;
    readonly password?: string;
    /** Asked after the password: the answer that is expected. */
    readonly code?: { readonly question: string; readonly accepts: (code: string) => boolean };
    /** Said after the password, instead of a session. */
    readonly says?: string;
    /** Presses of Return before the device shows anything. */
    readonly sleeps?: number;
    /** Where somebody has left it: these lines were entered in a session. */
    readonly left?: readonly string[];
    /** Line -> what the device logs to its console when it has answered it. */
    readonly logs?: Readonly<Record<string, string>>;
  } = {},
): Promise<SimulatedLine> {
  const { username = "admin", password = "admin", code } = options;
  const device = new Device(options.platform ?? "cisco_ios", options);
  const sockets = new Set<Socket>();
  const secrets: string[] = [];
  let asleep = options.sleeps ?? 0;
  let stage: "idle" | "username" | "password" | "code" | "done" | Session = "idle";
  let typed = "";
  let name = "";

  let unsaid = "";
  // What is said in one go arrives in one go.
  const say = (text: string) => {
    if (unsaid === "")
      queueMicrotask(() => {
        for (const socket of sockets) socket.write(unsaid);
        unsaid = "";
      });
    unsaid += text;
  };
  const begin = () => {
    const session = new Session(device, { write: say, end: () => reset() }, 1, username);
    stage = session;
    session.start();
    return session;
  };
  const reset = () => {
    stage = "idle";
    say("\r\n\r\nr1 con0 is now available\r\n\r\nPress RETURN to get started.\r\n\r\n");
  };
  const ask = (next: "username" | "password" | "code", question: string) => {
    stage = next;
    say(question);
  };
  const refuse = () => {
    say("\r\n% Login invalid\r\n\r\n");
    ask("username", "Username: ");
  };
  const allow = () => {
    if (options.says === undefined) begin();
    else {
      stage = "done";
      say(options.says);
    }
  };
  const enter = (line: string) => {
    if (stage === "idle" && asleep > 0) asleep--;
    else if (stage === "idle") ask("username", "\r\nUser Access Verification\r\n\r\nUsername: ");
    else if (stage === "username") {
      if (line === "") return ask("username", "\r\nUsername: ");
      name = line;
      secrets.push(line);
      ask("password", "\r\nPassword: ");
    } else if (stage === "password") {
      secrets.push(line);
      if (name !== username || line !== password) refuse();
      else if (code) ask("code", `\r\n${code.question}`);
      else allow();
    } else if (stage === "code") {
      secrets.push(line);
      if (code?.accepts(line)) allow();
      else refuse();
    } else if (stage === "done") secrets.push(line);
  };
  const input = (text: string) => {
    for (const character of text) {
      if (stage instanceof Session) {
        // The simulated session itself knows no interrupt.
        if (character === "\x03" && listed(device.lines.at(-1)?.line ?? "", device.options.hangsOn)) begin();
        else stage.input(character);
        const log = character === "\r" ? options.logs?.[device.lines.at(-1)?.line ?? ""] : undefined;
        if (log !== undefined) say(`\r\n${log}\r\n`);
      } else if (character === "\r") {
        const line = typed;
        typed = "";
        enter(line);
      } else if (character >= " ") {
        typed += character;
        if (stage === "username" || stage === "code") say(character);
      }
    }
  };

  if (options.left) {
    const session = begin();
    for (const line of options.left) session.input(`${line}\r`);
    device.lines.length = 0;
  }
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("data", (chunk: Buffer) => input(chunk.toString("utf8")));
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received: () => device.lines.map(({ line }) => line).filter((line) => line !== ""),
    get state() {
      return stage instanceof Session ? stage.mode : "out";
    },
    secrets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
