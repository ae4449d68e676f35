import {
  type DetachedEntry,
  type DetachedProgress,
  type DetachedState,
  type DetachedWork,
  deviceErrors,
  type OperationContext,
  pluginErrors,
  programErrors,
} from "../../../../src/plugin/index.ts";
import { commandProgram, scriptProgram } from "../command.ts";
import { type Program, setting } from "../program.ts";
import { quote } from "../quote.ts";
import { newNonce, runLaunched, runProgram } from "../run-program.ts";
import type { ParamikoSession } from "../session.ts";
import { askHost, hostLine } from "./host-program.ts";

// One piece of a log, as the contract has it.
const PIECE_BYTES = 256 * 1024;

// Taking the work and starting it needs a few processes; sudo may wait for a slow directory service.
const START_LIMIT_MS = 60_000;

/** Starts a program that outlives the session, unless one of this id is there. Throws `SudoFailed` and `DetachedFailed`. */
export async function startDetached(
  session: ParamikoSession,
  work: DetachedWork,
  context: OperationContext,
): Promise<{ readonly alreadyThere: boolean }> {
  checkId(work.id);
  const program = programOf(session, work);
  const [text, script] = workText(program);
  const content = `${text}${script}`;
  const nonce = newNonce();
  const password = program.sudo ? session.sudo.password : undefined;
  const prompt = `${nonce}-password:`;
  const sudo = password === undefined ? ["sudo", "-n", "--"] : ["sudo", "-S", "-p", prompt, "--"];
  const bytes = [Buffer.byteLength(text), Buffer.byteLength(content)].map(String);
  const launched = {
    line: hostLine(["start", work.id, ...bytes, nonce, ...(program.sudo ? sudo : [])]),
    ...(password !== undefined && { sudoPrompt: prompt }),
    mark: { text: `${nonce}-start`, means: "start" as const },
    input: { after: `${nonce}-content`, content },
  };
  const limits = { timeLimitMs: START_LIMIT_MS };
  const run = await runLaunched(session, program, launched, [], limits, withoutOutput(context));
  if (run.error) throw run.error;
  const answer = run.stdout.trim();
  if (run.exit?.status === 0 && (answer === "started" || answer === "there"))
    return { alreadyThere: answer === "there" };
  throw failed(session, work.id, run.stderr.trim() || `it ended with status ${run.exit?.status}`);
}

/** State of a program and a piece of its log. */
export async function followDetached(
  session: ParamikoSession,
  id: string,
  offset: number,
  context: OperationContext,
): Promise<DetachedProgress> {
  checkId(id);
  const answer = await askHost(session, ["follow", id, String(offset), String(PIECE_BYTES)], context);
  const end = answer.indexOf("\n");
  const line = answer.toString("latin1", 0, end);
  if (line === "none") throw programErrors.DetachedNotFound({ device: session.device, id });
  const [state, code, startedAt, endedAt, size, first] = line.split(" ");
  const piece = answer.subarray(end + 1);
  const from = Number(first);
  const isWhole = state === "Exited" && from + piece.length >= Number(size);
  const log = isWhole ? piece : piece.subarray(0, wholeCharacters(piece));
  return {
    state: stateOf(state),
    ...present("exitStatus", code, Number),
    ...present("startedAt", startedAt, String),
    ...present("endedAt", endedAt, String),
    logSize: Number(size),
    log: log.toString("utf8"),
    nextOffset: from + log.length,
    ...(from > offset && { droppedBytes: from - offset }),
  };
}

/** Ends a program; root's by sudo. */
export async function cancelDetached(
  session: ParamikoSession,
  id: string,
  context: OperationContext,
): Promise<void> {
  checkId(id);
  const answer = (await askHost(session, ["cancel", id], context)).toString().trim();
  const [word, folder] = answer.split(/ (.*)/s);
  const ended = word === "denied" ? await cancelAsRoot(session, folder ?? "", context) : word;
  if (ended === "none") throw programErrors.DetachedNotFound({ device: session.device, id });
  if (ended !== "ended") throw failed(session, id, `it does not end: ${ended}`);
}

async function cancelAsRoot(
  session: ParamikoSession,
  folder: string,
  context: OperationContext,
): Promise<string> {
  const program = {
    title: "detached.cancel",
    run: { command: hostLine(["cancel", folder]) },
    environment: {},
    sudo: true,
    pty: false,
  };
  const run = await runProgram(session, program, [], { timeLimitMs: START_LIMIT_MS }, withoutOutput(context));
  if (run.error) throw run.error;
  return run.stdout.trim() || run.stderr.trim();
}

/** Removes what the host keeps of a program that has ended. */
export async function forgetDetached(
  session: ParamikoSession,
  id: string,
  context: OperationContext,
): Promise<void> {
  checkId(id);
  const answer = (await askHost(session, ["forget", id], context)).toString().trim();
  if (answer === "running") throw programErrors.DetachedRunning({ device: session.device, id });
  if (answer !== "forgotten" && answer !== "none") throw failed(session, id, answer);
}

/** All programs that the host keeps for the session's user. */
export async function listDetached(
  session: ParamikoSession,
  context: OperationContext,
): Promise<readonly DetachedEntry[]> {
  const answer = (await askHost(session, ["list"], context)).toString();
  return answer
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", state, code, startedAt] = line.split(" ");
      return {
        id,
        state: stateOf(state),
        ...present("exitStatus", code, Number),
        ...present("startedAt", startedAt, String),
      };
    });
}

/** How many bytes of a piece of UTF-8 are whole characters, if its end may be missing. */
export function wholeCharacters(piece: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, piece.length); back++) {
    const byte = piece[piece.length - back] ?? 0;
    // 10xxxxxx continues a character; 110xxxxx, 1110xxxx and 11110xxx begin one of two, three and four bytes.
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? piece.length - back : piece.length;
  }
  return piece.length;
}

function programOf(session: ParamikoSession, { command, script }: DetachedWork): Program {
  const asked = command ?? script;
  const what =
    (asked?.pty && "terminal for a detached program") ||
    (command?.dialogue?.length && "dialogue with a detached program") ||
    (asked?.timeLimitMs !== undefined && "time limit of a detached program (cancel it instead)");
  if (what) throw pluginErrors.NotImplemented({ what, driver: "paramiko" });
  if (command && !script) return { ...commandProgram(session, command), pty: false };
  if (script && !command) return { ...scriptProgram(session, script), pty: false };
  throw deviceErrors.CallInvalid({
    method: "startDetached",
    why: "it takes either a command or a script",
  });
}

/** The shell text that becomes the program, and the text of its script. */
function workText(program: Program): [string, string] {
  const { run } = program;
  const last =
    "command" in run
      ? `exec "$netpulse_shell" -c ${quote(run.command)}`
      : [
          "exec",
          ...run.interpreter.trim().split(/\s+/).map(quote),
          '"$d/script"',
          ...run.args.map(quote),
        ].join(" ");
  return [`${[...setting(program), last].join("\n")}\n`, "command" in run ? "" : run.content];
}

/** Ids become names of folders on the host. */
function checkId(id: string): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(id)) return;
  throw deviceErrors.CallInvalid({
    method: "detached",
    why: `${JSON.stringify(id)} is no id: at most 128 letters, digits, ".", "_" and "-"`,
  });
}

function stateOf(word: string | undefined): DetachedState {
  return word === "Running" || word === "Exited" ? word : "Lost";
}

/** A field of an answer, in which `-` stands for what is not there. */
function present<K extends string, T>(
  name: K,
  word: string | undefined,
  read: (word: string) => T,
): Partial<Record<K, T>> {
  return word === undefined || word === "-" || word === "" ? {} : ({ [name]: read(word) } as Record<K, T>);
}

function failed({ device }: ParamikoSession, id: string, why: string): Error {
  return programErrors.DetachedFailed({ device, id, why });
}

/** For programs of our own, whose output is not the job's. */
function withoutOutput({ onOutput: _, ...context }: OperationContext): OperationContext {
  return context;
}
