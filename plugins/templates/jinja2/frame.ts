import { BudgetExceeded, spend } from "../../../src/python/values/index.ts";
import type { Context } from "./context.ts";
import type { ModuleValue } from "./module-value.ts";
import type { Template } from "./template.ts";

/** What running a statement says to the loop around it. */
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export type Signal = typeof NORMAL | typeof BREAK | typeof CONTINUE;

/** A compiled expression and a compiled statement. */
export type Evaluate = (frame: Frame) => unknown;
export type Execute = (frame: Frame) => Signal;

/** One version of a block: runs in a context and writes to that context's run. */
export interface BlockCode {
  run(context: Context): void;
}

/** One rendering: its output and how deep it is. */
export class Run {
  readonly outputLimit: number;
  readonly depthLimit: number;
  /** The output of the innermost capture. */
  text = "";
  /** Where in its template the statement is that runs just now: place of its first character. */
  at = 0;
  depth = 0;
  /** Modules that were imported without context. */
  readonly modules: Map<Template, ModuleValue> = new Map();

  constructor(outputLimit: number, depthLimit: number) {
    this.outputLimit = outputLimit;
    this.depthLimit = depthLimit;
  }

  write(text: string): void {
    this.text += text;
    if (this.text.length > this.outputLimit) throw new BudgetExceeded("output", this.outputLimit);
  }

  /** What `work` writes, instead of the output. */
  captured(work: () => void): string {
    const outer = this.text;
    this.text = "";
    work();
    const text = this.text;
    this.text = outer;
    return text;
  }

  /** Runs a macro, block or template inside another. */
  deeper<T>(work: () => T): T {
    spend();
    if (++this.depth > this.depthLimit) throw new BudgetExceeded("recursion depth", this.depthLimit);
    const at = this.at;
    const result = work();
    this.at = at;
    this.depth--;
    return result;
  }
}

/** The local variables of one activation of a template, block, macro or recursive loop. */
export class Frame {
  readonly slots: unknown[];
  /** The activation in whose text this one's stands. */
  readonly parent: Frame | undefined;
  readonly context: Context;
  readonly run: Run;
  /** The template that this one extends, once that is known. */
  extended: Template | undefined = undefined;

  constructor(size: number, parent: Frame | undefined, context: Context) {
    this.slots = new Array(size);
    this.parent = parent;
    this.context = context;
    this.run = context.run;
  }
}
