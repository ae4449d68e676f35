import { ttpErrors } from "../../../src/errors/ttp.ts";

/** Where text of a template may go besides the results. What is absent is refused with an error that names the option. */
export interface EffectOptions {
  /** Takes what `print` and the `terminal` returner print. */
  readonly terminal?: (text: string) => void;
  /** Takes what the `file` returner writes: the folder and file name that the template asks for, and the text. */
  readonly file?: (folder: string, name: string, text: string) => void;
  /** Takes what the `syslog` returner sends. */
  readonly syslog?: (message: {
    servers: readonly string[];
    port: number;
    facility: number;
    text: string;
  }) => void;
}

/** The side effects of a parser, each off unless an option allows it. */
export class SideEffects {
  readonly #options: EffectOptions;

  constructor(options: EffectOptions) {
    this.#options = options;
  }

  print(text: string): void {
    if (this.#options.terminal === undefined) throw refused("Printing to the terminal", "effects.terminal");
    this.#options.terminal(text);
  }

  writeFile(folder: string, name: string, text: string): void {
    if (this.#options.file === undefined) throw refused("Writing a file", "effects.file");
    this.#options.file(folder, name, text);
  }

  sendSyslog(message: Parameters<NonNullable<EffectOptions["syslog"]>>[0]): void {
    if (this.#options.syslog === undefined) throw refused("Sending to syslog", "effects.syslog");
    this.#options.syslog(message);
  }
}

function refused(what: string, option: string): Error {
  return ttpErrors.TtpSideEffectRefused({ what, option });
}
