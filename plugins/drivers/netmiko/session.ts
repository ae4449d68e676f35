import type { DriverSession, OperationContext } from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { Cli } from "./cli.ts";

/** A live command line on a device. */
export interface NetmikoSession extends DriverSession {
  readonly device: string;
  readonly args: Args;
  readonly cli: Cli;
  /** Set while a change is under way: what fails then is never brought back into step. */
  changing: boolean;
  /** The operation that used it last: only the same one may answer a question that it waited for. */
  operation: OperationContext | undefined;
  /** Ends it at once, without a word to the device. */
  abort(): void;
}
