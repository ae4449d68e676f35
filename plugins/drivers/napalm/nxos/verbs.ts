import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors, pluginErrors } from "../../../../src/plugin/index.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused, LineRefused } from "../getter.ts";
import type { Plan } from "../plan.ts";
import { missingConfig, textBegunBy } from "../values/config-diff.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutHeader } from "./config.ts";

/** A line of a configuration and its number, from 1. */
export interface NxosLine {
  readonly line: string;
  readonly number: number;
}

/** One step of a verb. Its reply is what the device printed; empty where it does not say anything. */
export type NxosVerbRequest =
  | { readonly kind: "show"; readonly command: string }
  /** Commands of one session, as `terminal dont-ask` holds for one only. */
  | { readonly kind: "run"; readonly commands: readonly string[] }
  | { readonly kind: "configure"; readonly lines: readonly NxosLine[] }
  | { readonly kind: "rollback"; readonly file: string }
  | { readonly kind: "save" }
  | { readonly kind: "put"; readonly file: string; readonly fileSystem: string; readonly content: string };

type NxosPlan<Result> = Plan<NxosVerbRequest, string, Result>;

/** Files on the device: what a replacement is made of, the way back, and the running configuration to compare with. */
const CANDIDATE = "candidate_config.txt";
const ROLLBACK = "rollback_config.txt";
const PRESENT = "sot_file";

/** A merge is kept here until it is committed: the device is told nothing. */
const NO_STEPS: readonly never[] = [];

export interface NxosVerbsOptions {
  readonly device: string;
  /** NAPALM's name of the platform, for messages. */
  readonly platform: "nxos" | "nxos_ssh";
  /** Where files are put: `bootflash:`. */
  readonly fileSystem: string;
  /** Whether a text of several lines, such as a banner, can be entered; otherwise each of its lines would be run as a command. */
  readonly entersTexts: boolean;
}

/**
 * NAPALM's verbs on NX-OS. A merge is kept here until it is committed and compared with the running configuration line by line; a
 * replacement is a file on the device, which compares it and goes over to it by itself. The way back is a checkpoint of the time of the
 * commit. Where a commit fails, the device goes back to it, and unlike with NAPALM nothing is saved then.
 */
export class NxosVerbs implements ConfigVerbs<NxosVerbRequest, string> {
  readonly exactDiff = true;
  readonly #options: NxosVerbsOptions;
  #loaded: "merge" | "replace" | undefined;
  #merge = "";

  constructor(options: NxosVerbsOptions) {
    this.#options = options;
  }

  *load_merge_candidate(config: string): NxosPlan<void> {
    if (!this.#options.entersTexts) refuseTexts(config);
    this.#merge += `${config.replace(/\n$/, "")}\n`;
    this.#loaded = "merge";
    yield* NO_STEPS;
  }

  *load_replace_candidate(config: string): NxosPlan<void> {
    const { fileSystem } = this.#options;
    yield {
      does: "puts the configuration on the device",
      send: { kind: "put", file: CANDIDATE, fileSystem, content: config },
      assume: "",
    };
    this.#loaded = "replace";
  }

  *compare_config(): NxosPlan<string> {
    if (this.#loaded === undefined) return "";
    if (this.#loaded === "merge") {
      const running = yield* shown("reads the running configuration", "show running-config all");
      return missingConfig(this.#merge, withoutHeader(running));
    }
    try {
      // Some releases take minutes to write over a file.
      yield* quietly(`removes an older ${PRESENT}`, `delete ${PRESENT}`);
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
    }
    yield* quietly(`writes the running configuration to ${PRESENT}`, `checkpoint file ${PRESENT}`);
    const command = `show diff rollback-patch file ${PRESENT} file ${CANDIDATE}`;
    return patchOf(yield* shown("compares both", command, "Generating Rollback Patch\n"));
  }

  *commit_config({ message, revertIn, save = true }: CommitOptions = {}): NxosPlan<void> {
    if (revertIn !== undefined) throw this.#notImplemented("a commit that has to be confirmed");
    if (message) throw this.#notImplemented("a commit message");
    if (this.#loaded === undefined) throw napalmErrors.NothingLoaded({ device: this.#options.device });
    yield* quietly(`keeps the way back as ${ROLLBACK}`, `checkpoint file ${ROLLBACK}`);
    if (this.#loaded === "merge") yield* this.#mergeLines();
    else yield* this.#replace();
    this.#loaded = undefined;
    this.#merge = "";
    if (save) yield* saved();
  }

  confirm_commit(): NxosPlan<void> {
    throw this.#notImplemented("confirm_commit");
  }

  has_pending_commit(): NxosPlan<boolean> {
    throw this.#notImplemented("has_pending_commit");
  }

  *discard_config(): NxosPlan<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    this.#merge = "";
    if (loaded === "replace")
      yield* quietly("removes the configuration from the device", `delete ${CANDIDATE}`);
  }

  *rollback(): NxosPlan<void> {
    const command = `dir ${ROLLBACK}`;
    const listing = yield* shown("looks for the way back", command);
    if (listing.includes("No such file"))
      throw new CommandRefused(`there is no ${ROLLBACK} on the device, which only a commit makes`, {
        command,
      });
    yield* this.#goBack();
    yield* saved();
  }

  *close(): NxosPlan<void> {
    yield* this.discard_config();
  }

  *#mergeLines(): NxosPlan<void> {
    const lines = linesOf(this.#merge);
    try {
      yield { does: "enters the lines", send: { kind: "configure", lines }, assume: "" };
    } catch (error) {
      const place = error instanceof CommandRefused ? lines[error.index ?? -1] : undefined;
      const failure =
        error instanceof CommandRefused && place
          ? new LineRefused(error.message, place, { cause: error, takenBack: true })
          : error;
      yield* this.#goBackAfter(failure);
      throw failure;
    }
  }

  /** Lines before the failure are in force. Where the device cannot go back either, both failures are told. */
  *#goBackAfter(failure: unknown): NxosPlan<void> {
    try {
      yield* this.#goBack();
    } catch (error) {
      if (!(failure instanceof CommandRefused)) throw failure;
      const line = failure instanceof LineRefused ? ` to ${JSON.stringify(failure.line.trim())}` : "";
      const answer = `${failure.message}${line}; going back to ${ROLLBACK} failed too: ${String(error)}`;
      throw deviceErrors.CommitFailed({ device: this.#options.device, answer }, { cause: failure });
    }
  }

  *#replace(): NxosPlan<void> {
    const command = `rollback running-config file ${CANDIDATE}`;
    const { device } = this.#options;
    try {
      const answer = yield* quietly(
        "goes over to the configuration",
        command,
        "Rollback completed successfully.",
      );
      if (answer.includes("Rollback failed")) throw new CommandRefused(answer.trim());
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      throw deviceErrors.CommitFailed({ device, answer: error.message }, { cause: error });
    }
  }

  *#goBack(): NxosPlan<void> {
    const answer = yield {
      does: `goes back to ${ROLLBACK}`,
      send: { kind: "rollback", file: ROLLBACK },
      assume: "Rollback completed successfully.",
    };
    const { device } = this.#options;
    if (/failed/i.test(answer) || (answer.trim() !== "" && !/completed/i.test(answer)))
      throw deviceErrors.CommitFailed({ device, answer: `it could not be taken back: ${answer.trim()}` });
  }

  #notImplemented(what: string): Error {
    return pluginErrors.NotImplemented({
      what: `${what} on platform ${this.#options.platform}`,
      driver: "napalm",
    });
  }
}

/** A step as text. */
export function showNxosStep(request: NxosVerbRequest): string {
  switch (request.kind) {
    case "show":
      return request.command;
    case "run":
      return request.commands.join("; ");
    case "configure":
      return request.lines.map(({ line }) => line).join("; ");
    case "rollback":
      return rollbackCommand(request.file);
    case "save":
      return "copy running-config startup-config";
    case "put":
      return `writes ${request.fileSystem}${request.file}`;
  }
}

export function rollbackCommand(file: string): string {
  return `rollback running-config file ${file}`;
}

/** Without the questions that NX-OS asks about files. */
export function withoutQuestions(command: string): string[] {
  return ["terminal dont-ask", command, "no terminal dont-ask"];
}

function* shown(does: string, command: string, assume = ""): NxosPlan<string> {
  return yield { does, send: { kind: "show", command }, assume };
}

function* quietly(does: string, command: string, assume = ""): NxosPlan<string> {
  return yield { does, send: { kind: "run", commands: withoutQuestions(command) }, assume };
}

function* saved(): NxosPlan<void> {
  yield {
    does: "keeps the configuration for the next start",
    send: { kind: "save" },
    assume: "Copy complete.",
  };
}

/** Without comments and empty lines, unless they are within a text such as a banner. */
function linesOf(config: string): NxosLine[] {
  let delimiter: string | undefined;
  return config
    .split("\n")
    .map((line, index) => ({ line: line.trimEnd(), number: index + 1 }))
    .filter(({ line }) => {
      if (delimiter !== undefined) {
        if (line.includes(delimiter)) delimiter = undefined;
        return true;
      }
      delimiter = textBegunBy(line);
      return line !== "" && !line.trimStart().startsWith("!");
    });
}

function refuseTexts(config: string): void {
  const begun = linesOf(config).find(({ line }) => textBegunBy(line) !== undefined);
  if (!begun) return;
  const why =
    "a text of several lines cannot be sent over NX-API; put it into one line, or use platform nxos_ssh";
  throw new LineRefused(why, begun);
}

/** What the device would do to get from one configuration to the other. */
function patchOf(output: string): string {
  const patch = output.split("Generating Rollback Patch")[1];
  if (patch === undefined)
    throw new InvalidValue("a comparison with the configuration on the device", output);
  return patch
    .replace("Rollback Patch is Empty", "")
    .trim()
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !/^[!.]/.test(line))
    .join("\n");
}
