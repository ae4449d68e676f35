import { StepBudgetExceeded } from "../../../src/python/re/index.ts";
import { type ParseStop, TextFSMError } from "./errors.ts";
import { type LineEvent, Machine } from "./machine.ts";
import type { Row } from "./record.ts";
import type { Template } from "./template.ts";

/** A line that no rule of the state matched. */
export interface UnmatchedLine {
  /** From 1. */
  readonly inputLine: number;
  readonly text: string;
  readonly state: string;
  /**
   * The rule whose beginning matched most of the line: which one was probably meant, and where it went wrong. Only for the
   * first hundred lines.
   */
  readonly closest: ClosestRule | undefined;
}

export interface ClosestRule {
  /** Line of the template, from 1. */
  readonly ruleLine: number;
  readonly rule: string;
  /** So many characters (UTF-16) of the line matched. */
  readonly matched: number;
}

/** What happened to one line, for a trace. */
export interface TraceEntry {
  readonly inputLine: number;
  readonly text: string;
  readonly state: string;
  /** Line of the rule in the template; null when no rule matched. */
  readonly ruleLine: number | null;
  /** What the rule did, as the template says it: `Continue.Record`, `Next Interfaces`. */
  readonly action: string | null;
  readonly recorded: boolean;
}

export interface ParseReport {
  readonly header: readonly string[];
  readonly rows: readonly Row[];
  /** In the order of the input; blank lines are left out. */
  readonly unmatched: readonly UnmatchedLine[];
  /** Where an Error rule ended the parse; the rows are those before it. */
  readonly stopped:
    | (ParseStop & { readonly message: string; readonly closest: ClosestRule | undefined })
    | undefined;
  /** Every rule that matched and every line that none did; empty unless asked for. */
  readonly trace: readonly TraceEntry[];
}

/** To look for the closest rule takes much longer than to parse; more lines nobody reads. */
const MAX_EXPLAINED = 100;

/**
 * Parses leniently: an Error rule ends the parse but keeps the rows before it, and the report says which lines no rule
 * matched and which rule came closest.
 *
 * @example
 * const report = parseWithReport(template, output);
 * report.unmatched[0]; // { inputLine: 3, text: "...", state: "Start", closest: { ruleLine: 7, ... } }
 */
export function parseWithReport(
  template: Template,
  input: string,
  options: { trace?: boolean } = {},
): ParseReport {
  const machine = new Machine(template);
  const unmatched: UnmatchedLine[] = [];
  const trace: TraceEntry[] = [];
  machine.onLine = (event) => {
    if (options.trace) trace.push(traceEntry(event));
    if (event.rule === undefined && event.text.trim() !== "") {
      const { inputLine, text, state } = event;
      const closest = unmatched.length < MAX_EXPLAINED ? closestRule(template, state, text) : undefined;
      unmatched.push({ inputLine, text, state, closest });
    }
  };
  let stopped: ParseReport["stopped"];
  try {
    machine.parse(input);
  } catch (error) {
    if (!(error instanceof TextFSMError)) throw error;
    const { state, text } = error.stop;
    stopped = { ...error.stop, message: error.message, closest: closestRule(template, state, text) };
  }
  return { header: machine.header, rows: machine.rows, unmatched, stopped, trace };
}

function traceEntry({ inputLine, text, state, rule, recorded }: LineEvent): TraceEntry {
  if (rule === undefined) return { inputLine, text, state, ruleLine: null, action: null, recorded };
  const { lineOperator, recordOperator, newState } = rule;
  const operators = [lineOperator, recordOperator].filter((operator) => operator !== "").join(".");
  const action = [operators || "Next", newState].filter((part) => part !== "").join(" ");
  return { inputLine, text, state, ruleLine: rule.line, action, recorded };
}

/**
 * The rule of a state whose beginning matches most of a line. Rules that end in Error are passed over: they are there to
 * catch what the others should have matched.
 */
export function closestRule(template: Template, state: string, text: string): ClosestRule | undefined {
  let closest: ClosestRule | undefined;
  for (const rule of template.states.get(state)?.rules ?? []) {
    if (rule.lineOperator === "Error") continue;
    const matched = furthest(() => rule.pattern.furthest(text));
    if (matched > (closest?.matched ?? 0)) closest = { ruleLine: rule.line, rule: rule.match, matched };
  }
  return closest;
}

/** A rule that runs away on this line is no help in explaining it. */
function furthest(run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (error instanceof StepBudgetExceeded) return 0;
    throw error;
  }
}
