import { plainWords } from "./plain-command.ts";
import { quote } from "./quote.ts";

/** What is to run on the host, and how. */
export interface Program {
  /** How messages call it. */
  readonly title: string;
  readonly run:
    | { readonly command: string }
    | { readonly interpreter: string; readonly content: string; readonly args: readonly string[] };
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly sudo: boolean;
  readonly pty: boolean;
  /** The server cannot send signals to this user's programs: its process must be known. */
  readonly announced?: boolean;
}

/** How a program is started, and what its start can be told by. */
export interface Launch {
  /** The line for the user's shell. */
  readonly line: string;
  /** sudo's prompt; absent: the program is not run by sudo, or there is no password to answer with. */
  readonly sudoPrompt?: string;
  /**
   * `<mark> <pid>` on a line of its own: with `mark: "start"` the program starts now and whatever was printed before was not
   * its; with `mark: "sudo"` sudo starts now, and asks or does not. Absent: the line is the program, nothing announces it.
   */
  readonly mark?: { readonly text: string; readonly means: "start" | "sudo" };
  /** Sent to the program's stdin after this text has come on a line of its own. */
  readonly input?: { readonly after: string; readonly content: string };
}

/**
 * The shell line of a program. A command that needs nothing runs as it is, so that hosts without a POSIX shell take it too; a plain
 * command by sudo is given to sudo itself, so that rules in sudoers for single programs apply; everything else is wrapped in `sh`.
 * `nonce` must be unknown to the host beforehand: nothing that it prints may be taken for the prompt or the mark.
 */
export function launch(program: Program, nonce: string, hasSudoPassword: boolean): Launch {
  const prompt = `${nonce}-password:`;
  const sudo = `sudo ${hasSudoPassword ? `-S -p ${prompt}` : "-n"} --`;
  const sudoPrompt = program.sudo && hasSudoPassword ? { sudoPrompt: prompt } : {};
  const mark = `${nonce}-start`;
  const by = program.sudo ? `${sudo} ` : "";

  if ("interpreter" in program.run) {
    const { content, interpreter, args } = program.run;
    const after = `${nonce}-content`;
    const words = [...interpreter.trim().split(/\s+/).map(quote), '"$netpulse_d/script"', ...args.map(quote)];
    const text = [
      receiveFile(Buffer.byteLength(content), after),
      announce(mark),
      ...setting(program),
      words.join(" "),
    ].join("; ");
    return {
      line: `exec ${by}sh -c ${quote(text)}`,
      ...sudoPrompt,
      mark: { text: mark, means: "start" },
      input: { after, content },
    };
  }

  const { command } = program.run;
  const words = program.sudo && Object.keys(program.environment).length === 0 && plainWords(command);
  if (words) {
    const { workingDirectory: folder } = program;
    const first = folder === undefined ? "" : `${changeTo(folder)}; `;
    const text = `${first}${announce(mark)}; exec ${sudo} ${words.join(" ")}`;
    return { line: `exec sh -c ${quote(text)}`, ...sudoPrompt, mark: { text: mark, means: "sudo" } };
  }
  if (
    !program.announced &&
    !program.sudo &&
    Object.keys(program.environment).length === 0 &&
    program.workingDirectory === undefined
  )
    return { line: command };
  // The user's own shell runs the command, with and without sudo: a command means the same either way.
  const text = [announce(mark), ...setting(program), 'exec "$0" -c "$1"'].join("; ");
  return {
    line: `exec ${by}sh -c ${quote(text)} "$SHELL" ${quote(command)}`,
    ...sudoPrompt,
    mark: { text: mark, means: "start" },
  };
}

/** Folder and environment of a program, as shell commands. */
export function setting({
  workingDirectory,
  environment,
}: Pick<Program, "workingDirectory" | "environment">) {
  return [
    ...(workingDirectory === undefined ? [] : [changeTo(workingDirectory)]),
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quote(value)}`),
  ];
}

function changeTo(folder: string): string {
  return `cd ${quote(folder.startsWith("-") ? `./${folder}` : folder)} || exit 1`;
}

function announce(mark: string): string {
  return `echo ${mark} $$ >&2`;
}

/**
 * Takes a file of this many bytes from stdin into a folder of its own, which goes when the shell ends. A terminal is silent and
 * takes the bytes as they are meanwhile.
 */
function receiveFile(bytes: number, after: string): string {
  return [
    "netpulse_u=$(umask)",
    "umask 077",
    "netpulse_d=$(mktemp -d) || exit 1",
    `trap 'rm -rf "$netpulse_d"' EXIT`,
    "trap 'exit 129' HUP",
    "trap 'exit 143' TERM",
    "netpulse_t=$(stty -g 2>/dev/null) && stty raw -echo",
    `echo ${after} >&2`,
    `head -c ${bytes} > "$netpulse_d/script" || exit 1`,
    'if [ -n "$netpulse_t" ]; then stty "$netpulse_t"; fi',
    'umask "$netpulse_u"',
  ].join("; ");
}
