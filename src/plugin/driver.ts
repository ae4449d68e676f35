import type { ZodType } from "zod";
import { pluginErrors } from "../errors/plugin.ts";
import { type Logger, Plugin } from "./plugin.ts";
import type { Transfer, TransferResult } from "./transfer.ts";

/** The keys of the Secret that a pool's credential names. Known keys have a meaning; a dialogue may name any other. */
export interface Credential {
  readonly username?: string;
  readonly password?: string;
  /** The enable password. */
  readonly secret?: string;
  /** OpenSSH or PEM private key (key `ssh-privatekey` of the Secret, as `kubernetes.io/ssh-auth` names it). */
  readonly privateKey?: string;
  readonly passphrase?: string;
  /** Every key of the Secret as it stands there, for dialogues and driver-specific secrets. */
  readonly data: Readonly<Record<string, string>>;
}

/** `Strict` accepts only the listed fingerprints (`SHA256:…`, as `ssh-keygen -l` prints them); `Insecure` accepts any key. */
export type HostKeys =
  | { readonly policy: "Strict"; readonly fingerprints: readonly string[] }
  | { readonly policy: "Insecure" };

/** A host with what is needed to log in to it. */
export interface Endpoint {
  readonly name: string;
  readonly host: string;
  /** Absent: the driver's usual port. */
  readonly port?: number;
  readonly credential: Credential;
  readonly hostKeys: HostKeys;
}

/** One device as a driver has to reach it. */
export interface DeviceTarget extends Endpoint {
  /** Pool's, device's and job's driver arguments, merged and checked by `argsSchema`. */
  readonly args: Readonly<Record<string, unknown>>;
  /** SSH hosts to go through, the first one first. */
  readonly jumpHosts?: readonly Endpoint[];
  /** The console server through whose line the device is reached instead of its own address; `jumpHosts` then lead to it. */
  readonly consoleServer?: Endpoint;
}

/** What accompanies each operation on a device. */
export interface OperationContext {
  /** Aborted on cancel, deadline and fencing: stop after the current exchange, or at once where that is safe. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Call it before every write to the device: it throws when this worker may no longer touch devices. */
  readonly beforeWrite: () => void;
  /**
   * Tells people something that they should know although the work goes on, such as that only old algorithms were left to
   * reach a device. Becomes an Event; `reason` is in CamelCase, `message` has no secret.
   */
  readonly notify?: (reason: string, message: string) => void;
  /** Receives output as it arrives, for results too large to hold; the result's `output` is then empty. */
  readonly onOutput?: (text: string) => void;
  /** Renders a template, for methods that take one (NAPALM's `load_template`). Throws `RenderFailed` and the like. */
  readonly render?: (
    engine: string,
    template: string,
    variables: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
}

/** A step of a dialogue: when `expect` (a regular expression) matches the last line, send text or the Secret's key. */
export interface DialogueStep {
  readonly expect: string;
  readonly send?: string;
  readonly secretKey?: string;
}

export interface Command {
  readonly command: string;
  readonly dialogue?: readonly DialogueStep[];
  /** Longest silence or wait for the prompt, in milliseconds; absent: the driver's own limit. */
  readonly readTimeoutMs?: number;
  /** Run in the privileged mode. */
  readonly enableMode?: boolean;
  /** Variables for the program, beside those the host sets. A driver without programs refuses it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder the program starts in. */
  readonly workingDirectory?: string;
  /** Longest time from start to end, in milliseconds; then the program is ended, not only no longer listened to. */
  readonly timeLimitMs?: number;
  /** Run as another user, by the host's sudo. */
  readonly sudo?: boolean;
  /** Give the program a terminal; its stdout and stderr then come as one. */
  readonly pty?: boolean;
  /** Go on with the next command after a `CommandFailed`; absent: as the result says. */
  readonly continueOnError?: boolean;
}

/** What a program can be told beyond its text. A driver names in `honours` what it does; the rest is refused before a login. */
export type ProgramFeature =
  | "environment"
  | "workingDirectory"
  | "timeLimitSeconds"
  | "continueOnError"
  | "sudo"
  | "pty"
  | "script";

/** A program text that an interpreter of the device runs. */
export interface Script {
  /** Name or path of the interpreter, such as `/bin/sh` or `python3`; absent: the driver's own default. */
  readonly interpreter?: string;
  readonly content: string;
  readonly args: readonly string[];
  /** Under which name results and messages know it. */
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** As those of a command. */
  readonly timeLimitMs?: number;
  readonly readTimeoutMs?: number;
  readonly sudo?: boolean;
  readonly pty?: boolean;
}

/** A program that outlives the session. `id` makes it unique: starting it again finds the one that is there. */
export interface DetachedWork {
  /** At most 128 letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  /** Exactly one of the two. */
  readonly command?: Command;
  readonly script?: Script;
}

/**
 * `Running`; `Exited` with its status; `Lost`: it was started, or was about to be, and neither its process nor its status is
 * there, as after a restart of the host. What is lost may have done its work wholly, in part or not at all.
 */
export type DetachedState = "Running" | "Exited" | "Lost";

/** One of the programs that outlive their sessions, as the device knows it. */
export interface DetachedEntry {
  readonly id: string;
  readonly state: DetachedState;
  readonly exitStatus?: number;
  /** RFC 3339, by the device's clock. */
  readonly startedAt?: string;
}

export interface DetachedProgress {
  readonly state: DetachedState;
  readonly exitStatus?: number;
  /** RFC 3339, by the device's clock. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Bytes that the program has written so far, those included that are no longer kept. */
  readonly logSize: number;
  /** The log from the offset that was asked for, at most 256 KiB of it, cut between two characters. */
  readonly log: string;
  /** Where to go on. */
  readonly nextOffset: number;
  /** Bytes between the offset that was asked for and the first of `log`, which are no longer kept; absent: none. */
  readonly droppedBytes?: number;
}

export interface CommandResult {
  readonly command: string;
  /** What the device printed, without echo and prompt. */
  readonly output: string;
  /** Set where the driver has it: exit status of a program. */
  readonly exitStatus?: number;
  /** Set where the driver keeps it apart. */
  readonly stderr?: string;
  /** Under which name template libraries know the device, where the driver knows it (it may have been detected). */
  readonly platform?: string;
  /** How the driver's arguments ask for the output to be parsed; a job's own `parse` wins. */
  readonly parse?: ParseWish;
  /** The command failed, but what it printed is kept. Ends the work, unless it is `CommandFailed` and somebody wants to go on. */
  readonly error?: Error;
  /** The driver's arguments ask to go on after `CommandFailed`. */
  readonly continueOnError?: boolean;
}

/** Parsing that is asked for by a driver's arguments (`use_textfsm: true`) and not by the job's `parse`. */
export interface ParseWish {
  readonly engine: string;
  /** Text of a template, or its name in a configured library; absent: looked up by `platform` and command. */
  readonly template?: string;
  /** Output that cannot be parsed is an error; otherwise it simply stays unparsed. */
  readonly required: boolean;
}

/** A check after a change: the output of `command` must (or must not) match a regular expression. */
export interface Verification {
  readonly command: string;
  readonly expect?: string;
  readonly reject?: string;
  /** Look again until it holds, for so long at most, in milliseconds; absent: once. */
  readonly withinMs?: number;
}

export interface ConfigChange {
  /** One configuration line each, as rendered; a multi-line unit such as a banner stands as consecutive lines. */
  readonly lines: readonly string[];
  readonly mode: "Merge" | "Replace";
  /** Say what would change; the device's running configuration stays as it is. */
  readonly dryRun: boolean;
  readonly save: boolean;
  readonly onError: "Stop" | "Continue" | "Rollback";
  readonly commit?: { readonly message?: string; readonly confirmTimeoutMs?: number };
  readonly verify: readonly Verification[];
  readonly enableMode: boolean;
  readonly readTimeoutMs?: number;
}

export interface LineResult {
  readonly line: string;
  readonly output: string;
  /** `skipped`: an earlier line failed, so it was never sent. */
  readonly state: "accepted" | "rejected" | "skipped";
}

export interface ChangeResult {
  readonly lines: readonly LineResult[];
  /** What changed or would change, where the platform can tell. */
  readonly diff?: string;
  /** What the device would be told, a line for each step, where a dry run can say it. */
  readonly plan?: readonly string[];
  readonly committed: boolean;
  readonly saved: boolean;
  readonly rolledBack: boolean;
  /** The failure that ended the change; lines before it may be in force unless `rolledBack`. */
  readonly error?: Error;
  /** What the driver could not honour and did otherwise, for people. */
  readonly notes?: readonly string[];
}

export interface MethodCall {
  readonly method: string;
  readonly args: readonly unknown[] | Readonly<Record<string, unknown>>;
}

/** What a job asks of one device, as far as the claim rule needs to know it. */
export type Operation =
  | { readonly kind: "command"; readonly command: Command; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: "config"; readonly change: ConfigChange }
  | { readonly kind: "call"; readonly call: MethodCall; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: "transfer"; readonly direction: Transfer["direction"] }
  | { readonly kind: "script"; readonly script: Script };

/** The operations that only read. Whatever is not in the table changes the device and needs a claim first. */
export interface ReadOnlyTable {
  /** A command matches as a whole line, case-insensitively; a command with a dialogue never only reads. */
  readonly commands: readonly RegExp[];
  readonly methods: readonly string[];
}

/** A command line as a driver sees it. */
export interface DriverTerminal {
  /** The platform, and its modes with the regular expressions of their prompts. */
  readonly platform: string;
  readonly modes: Readonly<Record<string, string>>;
  /** What ends a line that is sent. */
  readonly lineEnd: string;
  /** The last, unterminated line. */
  readonly lastLine: string;
  /** The mode whose prompt a line is; undefined for one that the platform does not know. */
  modeAt(line: string): string | undefined;
  /** Sends exactly this. */
  write(text: string): void;
  /** Receives what the device sends from now on. */
  onText(listener: (text: string) => void): void;
}

/** A live session. The worker keeps it for reuse until it closes, idles too long or must be dropped. */
export interface DriverSession {
  /** Resolves when the session has ended, with the reason if it was not asked for. */
  readonly closed: Promise<Error | undefined>;
}

/**
 * A driver plugin: one instance per process, which opens and uses many sessions at once.
 *
 * @example
 * export class TelnetDriver extends BaseDriver<TelnetSession> {
 *   static readonly driverName = "telnet";
 *   readonly argsSchema = z.strictObject({ prompt: z.string().default("#") });
 *   readonly readOnly = { commands: [/show .+/], methods: [] };
 *   async connect(target: DeviceTarget, context: OperationContext) { … }
 *   async executeCommand(session: TelnetSession, command: Command, context: OperationContext) { … }
 *   async disconnect(session: TelnetSession) { … }
 * }
 */
export abstract class BaseDriver<
  Session extends DriverSession = DriverSession,
  Config = unknown,
> extends Plugin<Config> {
  static readonly driverName: string;

  /** Checks and completes `driver.args`; refuses unknown ones by name. Runs in the operator too, before any device is touched. */
  abstract readonly argsSchema: ZodType<Record<string, unknown>>;
  abstract readonly readOnly: ReadOnlyTable;

  /** Whether `connect` obeys `consoleServer`; a device that has one is refused otherwise. */
  readonly reachesConsoles: boolean = false;

  /** Fields of `commandDetails`, and `script`, that the driver honours. */
  readonly honours: readonly ProgramFeature[] = [];

  /** Opens a session and brings it to its first prompt. Throws `ConnectFailed`, `AuthFailed`, `HostKeyChanged` and the like. */
  abstract connect(target: DeviceTarget, context: OperationContext): Promise<Session>;

  /** Runs one command. Throws when its outcome is unknown or the device refused it. */
  abstract executeCommand(
    session: Session,
    command: Command,
    context: OperationContext,
  ): Promise<CommandResult>;

  /** Applies configuration. A rejected line is reported in the result, not thrown, so that nothing about the others is lost. */
  configure(_session: Session, _change: ConfigChange, _context: OperationContext): Promise<ChangeResult> {
    return this.cannot("configuration");
  }

  /** Calls a method such as a NAPALM getter and returns its result as JSON data. */
  call(_session: Session, call: MethodCall, _context: OperationContext): Promise<unknown> {
    return this.cannot(`method ${call.method}`);
  }

  /** Runs a script and returns what a command would. Throws as `executeCommand` does. */
  runScript(_session: Session, _script: Script, _context: OperationContext): Promise<CommandResult> {
    return this.cannot("scripts");
  }

  /**
   * Carries a file or folder to or from the device. The target is the old one or the complete new one, whatever happens, where the
   * device allows that; repeating a transfer that failed is therefore safe. Throws errors of `transferErrors`.
   */
  transfer(_session: Session, transfer: Transfer, _context: OperationContext): Promise<TransferResult> {
    return this.cannot(`file transfer (${transfer.direction})`);
  }

  /** Whether the driver has programs that outlive their session: the five methods below. */
  readonly detaches: boolean = false;

  /**
   * Starts a program that goes on when the session, the connection and this process end. Safe to repeat: of all starts with one
   * id, on whatever session, one runs it, and the others answer `alreadyThere`. A start that was cut short before the program
   * ran is found as `Lost` by `followDetached` and is never run by another start.
   *
   * @example
   * await driver.startDetached(session, { id: "backup-7", command: { command: "tar -czf /srv/b.tgz /etc" } }, context);
   */
  startDetached(
    _session: Session,
    _work: DetachedWork,
    _context: OperationContext,
  ): Promise<{ readonly alreadyThere: boolean }> {
    return this.cannot("detached programs");
  }

  /** State of a detached program, and its log from a byte offset. Throws `DetachedNotFound` for an id that is not there. */
  followDetached(
    _session: Session,
    _id: string,
    _offset: number,
    _context: OperationContext,
  ): Promise<DetachedProgress> {
    return this.cannot("detached programs");
  }

  /** Ends a detached program with all its processes: TERM, after 10 s KILL. Resolves when it has ended; not an error when it had. */
  cancelDetached(_session: Session, _id: string, _context: OperationContext): Promise<void> {
    return this.cannot("detached programs");
  }

  /** Removes what the device keeps of a detached program. Throws `DetachedRunning` while it runs; not an error when nothing is kept. */
  forgetDetached(_session: Session, _id: string, _context: OperationContext): Promise<void> {
    return this.cannot("detached programs");
  }

  /** The detached programs of the session's user. */
  listDetached(_session: Session, _context: OperationContext): Promise<readonly DetachedEntry[]> {
    return this.cannot("detached programs");
  }

  /** Ends the session politely, within `context.signal`; must not throw for a session that is already gone. */
  abstract disconnect(session: Session, context: OperationContext): Promise<void>;

  /** Asks the device for a sign of life while the session is idle. False: the worker drops the session. */
  isAlive(_session: Session, _context: OperationContext): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** After a timeout or cancel: true only if the session is proved to be in step again. The default proves nothing. */
  resynchronise(_session: Session, _context: OperationContext): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** The session's command line for a person who tries it out; absent where a driver has none. Nothing else may use the session then. */
  terminal(_session: Session): DriverTerminal | undefined {
    return undefined;
  }

  /** Whether an operation only reads, by the table. Override where arguments decide. */
  isReadOnly(operation: Operation): boolean {
    if (operation.kind === "config" || operation.kind === "script") return false;
    if (operation.kind === "transfer") return operation.direction === "get";
    if (operation.kind === "call") return this.readOnly.methods.includes(operation.call.method);
    const { command, dialogue } = operation.command;
    if (dialogue?.length || command.includes("\n")) return false;
    return this.readOnly.commands.some((pattern) => matchesWhole(pattern, command.trim()));
  }

  private cannot(what: string): Promise<never> {
    const driver = (this.constructor as typeof BaseDriver).driverName;
    return Promise.reject(pluginErrors.NotImplemented({ what, driver }));
  }
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  return new RegExp(`^(?:${pattern.source})$`, "i").test(text);
}
