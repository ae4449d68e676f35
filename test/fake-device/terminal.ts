import { setTimeout as delay } from "node:timers/promises";
import type { CommandLine, FakeMode } from "./command-line.ts";
import type { KeyInput } from "./key-input.ts";
import type { FakeDeviceOptions } from "./options.ts";

/** One line that the device received, as a client's good behaviour is judged by it. */
export interface ReceivedLine {
  readonly connection: number;
  readonly mode: FakeMode;
  /** The line as typed, or the control character that acted as one. */
  readonly line: string;
  /** What the device was waiting for when the line came. */
  readonly pending: "password" | "question" | undefined;
}

export interface Terminal {
  readonly commandLine: CommandLine;
  readonly options: FakeDeviceOptions;
  readonly input: KeyInput;
  readonly write: (text: string) => void;
  readonly record: (line: Omit<ReceivedLine, "connection">) => void;
}

const LINES_PER_PAGE = 20;
const SYSLOG = "*Mar  1 00:00:01.000: %SYS-5-CONFIG_I: Configured from console by user on vty0";

/** Plays one session from the first prompt until the client leaves or the device closes. */
export async function serve(terminal: Terminal): Promise<void> {
  const { commandLine, options, input, record } = terminal;
  const write = writer(terminal);
  const state: State = { password: undefined, question: undefined, commands: 0 };

  if (options.inband !== undefined && !(await logIn(terminal, write))) return;
  await write(`\r\n${options.noise ? "\x1b[2J\x1b[0m" : ""}${commandLine.prompt()}`);

  let line = "";
  for (;;) {
    const key = await input.next();
    if (key === undefined) return;
    if (key === "\0") continue;
    const isEnd = key === "\r" || key === "\n";
    if (isEnd || (line === "" && "\x1a\x03\x19\x10".includes(key))) {
      const pending = state.password ? "password" : state.question ? "question" : undefined;
      record({ mode: commandLine.mode, line: isEnd ? line : key, pending });
      if (key === "\x1a" && commandLine.mode === "config") commandLine.mode = commandLine.home;
      const text = line.trim();
      line = "";
      if ((await acceptLine(terminal, state, text, write)) === "closed") return;
    } else if (key === "\x7f" || key === "\b") {
      if (line) {
        line = line.slice(0, -1);
        await write("\b \b");
      }
    } else {
      const typed = key + input.takePrintable();
      line += typed;
      if (!state.password) {
        if (options.echodelay) await delay(options.echodelay);
        await write(typed);
      }
    }
  }
}

interface State {
  password: FakeMode | undefined;
  question: string | undefined;
  commands: number;
}

type Write = (text: string) => Promise<void>;

async function acceptLine(
  terminal: Terminal,
  state: State,
  text: string,
  write: Write,
): Promise<"open" | "closed"> {
  const { commandLine, options } = terminal;
  if (state.password) {
    const accepted = text === "secret" || options.pw === "any";
    if (accepted) commandLine.mode = state.password;
    state.password = undefined;
    await write(`\r\n${accepted ? "" : "% Bad secrets\r\n\r\n"}${commandLine.prompt()}`);
    return "open";
  }
  await write("\r\n");
  if (state.question) {
    const rest = state.question;
    state.question = undefined;
    await write(rest + commandLine.prompt());
    return "open";
  }
  if (text) {
    if (options.latency) await delay(options.latency);
    const outcome = await runCommand(terminal, state, text, write);
    if (outcome !== "prompt") return outcome;
  }
  await write(commandLine.prompt());
  return "open";
}

async function runCommand(
  terminal: Terminal,
  state: State,
  text: string,
  write: Write,
): Promise<"prompt" | "open" | "closed"> {
  const { commandLine, options, input } = terminal;
  state.commands++;
  if (options.drop && state.commands > options.drop) return "closed";
  commandLine.notice(text);

  const target = commandLine.wayOf(text);
  if (target === "enable" && commandLine.mode === "user" && options.pw) {
    state.password = target;
    await write("Password: ");
    return "open";
  }
  if (target) commandLine.mode = target;
  else if (/^(?:exit|quit|logout)$/.test(text) && commandLine.mode !== "config") return "closed";

  if (options.confirm && /^(?:copy run|write|save|reload)/.test(text)) {
    state.question = "Building configuration...\r\n[OK]\r\n";
    await write("Destination filename [startup-config]? ");
    return "open";
  }
  const answer = commandLine.answer(text);
  if (answer.delayMs && (await input.endedWithin(answer.delayMs))) return "closed";
  if (answer.after === "hang") {
    await input.ended;
    return "closed";
  }
  if (answer.after === "close") return "closed";
  if (answer.text) await writePaged(terminal, `${answer.text}\r\n`, write);
  if (answer.after === "syslog") await write(`${commandLine.prompt()}\r\n${SYSLOG}\r\n`);
  return "prompt";
}

/** A login dialogue inside the session, as wireless controllers have it. */
async function logIn({ input, options }: Terminal, write: Write): Promise<boolean> {
  for (const [question, echoed] of [
    [`${options.inband} `, true],
    ["Password: ", false],
  ] as const) {
    await write(`\r\n${question}`);
    let line = "";
    for (;;) {
      const key = await input.next();
      if (key === undefined) return false;
      if (key === "\r" || key === "\n") {
        if (line) break;
        continue;
      }
      line += key;
      if (echoed) await write(key);
    }
  }
  return true;
}

async function writePaged({ commandLine, input }: Terminal, text: string, write: Write): Promise<void> {
  const lines = text.split("\r\n");
  if (!commandLine.paging || lines.length <= LINES_PER_PAGE) return write(text);
  for (let start = 0; start < lines.length; start += LINES_PER_PAGE) {
    const more = start + LINES_PER_PAGE < lines.length;
    await write(lines.slice(start, start + LINES_PER_PAGE).join("\r\n") + (more ? "\r\n" : ""));
    if (!more) return;
    await write(" --More-- ");
    const key = await input.next();
    await write("\b".repeat(10) + " ".repeat(10) + "\b".repeat(10));
    if (key === undefined || "qQ\x03".includes(key)) return;
  }
}

function writer({ options, write }: Terminal): Write {
  const { chunk, chunkdelay } = options;
  if (!chunk) {
    return (text) => {
      write(text);
      return Promise.resolve();
    };
  }
  return async (text) => {
    for (let start = 0; start < text.length; start += chunk) {
      write(text.slice(start, start + chunk));
      if (chunkdelay) await delay(chunkdelay);
    }
  };
}
