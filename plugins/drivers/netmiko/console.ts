import { z } from "zod";
import { pattern } from "../../../src/device/argument-table.ts";
import { ConsoleLine } from "../../../src/device/console-server/console-line.ts";
import { consoleKind, consoleKinds } from "../../../src/device/console-server/kinds.ts";
import type { ExpectChannel } from "../../../src/device/expect.ts";
import { LoginAnswers } from "../../../src/device/login-answers.ts";
import type { CodeTurn } from "../../../src/device/one-time-password/code-ledger.ts";
import type { SshConnection } from "../../../src/device/ssh.ts";
import { SshLogin, type SshLogins } from "../../../src/device/ssh-login.ts";
import { connectTelnet } from "../../../src/device/telnet.ts";
import type { Transport } from "../../../src/device/transport.ts";
import {
  type DeviceTarget,
  deviceErrors,
  type Endpoint,
  type OperationContext,
} from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { LoginQuestions } from "./login.ts";
import { type Platform, stepList, telnetDefaults, telnetOf } from "./platform.ts";

/** `driver.args.console`: how the device's line on its console server is reached. */
export const consoleArgs = z.strictObject({
  transport: z.enum(["ssh", "telnet"]).default("ssh"),
  /** TCP port of the line, where each line has one. */
  port: z.number().int().min(1).max(65_535).optional(),
  /** Added to the user name, where that names the line: `:port7`. */
  username_suffix: z.string().max(100).default(""),
  kind: z.enum(consoleKinds).default("generic"),
  /** Typed at the server's prompt to connect to the line: `connect 7`, `console r1`. */
  command: z.string().min(1).max(200).optional(),
  /** The server's prompt as a regular expression, where it is an unusual one. */
  prompt: pattern.optional(),
  /** The server asks for a login inside the session (Telnet). */
  login: z.boolean().default(false),
  /** What wakes the device. */
  wake: z.string().min(1).max(20).default("\r"),
  /** Put another user out. */
  force: z.boolean().default(false),
});

/** What a line of a console server is reached with. */
export interface ConsoleWay {
  readonly logins: SshLogins;
  readonly target: DeviceTarget;
  readonly server: Endpoint;
  readonly args: Args;
  readonly context: OperationContext;
  readonly codes: CodeTurn | undefined;
}

/** Connects to a device's console server, within the limits on logins there. Throws what an SSH or Telnet login throws, naming the server. */
export function connectConsole(way: ConsoleWay): Promise<{ transport: Transport; close(): void }> {
  const { transport, port: linePort, username_suffix: usernameSuffix } = settings(way.args);
  const login = serverLogin(way);
  const port = linePort ?? way.server.port ?? (transport === "ssh" ? 22 : 23);
  return login.gated(port, async () => {
    if (transport === "telnet") return telnet(way, login, port);
    const connection = await login.connectNow(port, { usernameSuffix });
    return { transport: await shellOf(connection), close: () => connection.close() };
  });
}

async function shellOf(connection: SshConnection): Promise<Transport> {
  try {
    return await connection.shell();
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function telnet({ server, args, context }: ConsoleWay, login: SshLogin, port: number) {
  const device = server.name;
  if (server.hostKeys.policy !== "Insecure") throw deviceErrors.TelnetNotAllowed({ device });
  const route = await login.route(port);
  const transport = await connectTelnet({
    device,
    host: login.host,
    port,
    connectMs: (args.timeout ?? args.conn_timeout) * 1000,
    ...(route && { stream: route.stream }),
    signal: context.signal,
  });
  return { transport, close: () => transport.close() };
}

/** The server is logged in to as a device of its own: with its credential and host keys, through the device's jump hosts. */
function serverLogin({ logins, target, server, args, context, codes }: ConsoleWay): SshLogin {
  const { jumpHosts } = target;
  const { login_dialogue: _, keyboard_answers: __, ssh_config: ___, ...shared } = args;
  const conn_timeout = args.timeout ?? args.conn_timeout;
  const asDevice = { ...server, args: {}, ...(jumpHosts && { jumpHosts }) };
  return new SshLogin(logins, asDevice, { ...shared, conn_timeout }, context, codes);
}

/** The device's line on a connection to its console server. */
export function consoleLine(
  way: ConsoleWay,
  channel: ExpectChannel,
  onSecret: (secret: string) => void,
): ConsoleLine {
  const { target, server, args, codes } = way;
  const { kind, command, prompt, login, wake, force } = settings(args);
  const answers = new LoginAnswers({
    device: server.name,
    credential: server.credential,
    method: "login inside the session",
    manner: serverLogin(way).manner,
    onSecret,
    ...(codes && { codes }),
  });
  return new ConsoleLine(channel, {
    device: target.name,
    server: server.name,
    kind: consoleKind(kind),
    wake,
    force,
    ...(command !== undefined && { command }),
    ...(prompt !== undefined && { prompt: new RegExp(prompt) }),
    ...(login && { login: answers }),
  });
}

/** What the device asks on a line: the same as over Telnet. */
export function lineQuestions(platform: Platform): LoginQuestions {
  const { username, password, refused } = telnetOf(platform) ?? telnetDefaults;
  return {
    usernameAt: new RegExp(username, "i"),
    passwordAt: new RegExp(password, "i"),
    refused: new RegExp(refused, "i"),
    wake: false,
  };
}

/** What leaves the platform's session. */
export function logoutOf(platform: Platform): string {
  return stepList(platform.onClose).findLast((step) => step.wait === false)?.send ?? "exit";
}

function settings(args: Args): z.output<typeof consoleArgs> {
  return args.console ?? consoleArgs.parse({});
}
