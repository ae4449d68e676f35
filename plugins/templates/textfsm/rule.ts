import { compile, type Pattern, PythonReError } from "../../../src/python/re/index.ts";
import { TextFSMTemplateError } from "./errors.ts";
import { strip } from "./lines.ts";
import { SubstitutionError, substitute } from "./substitution.ts";

/** What happens with the input line; "" means Next. */
export type LineOperator = "" | "Continue" | "Next" | "Error";
/** What happens with the record; "" means NoRecord. */
export type RecordOperator = "" | "Clear" | "Clearall" | "Record" | "NoRecord";

export const LINE_OPERATORS: readonly string[] = ["Continue", "Next", "Error"];
export const RECORD_OPERATORS: readonly string[] = ["Clear", "Clearall", "Record", "NoRecord"];

/** One rule of a state. */
export interface Rule {
  /** The left side as written. */
  readonly match: string;
  /** The left side with values filled in. */
  readonly regex: string;
  readonly pattern: Pattern;
  readonly lineOperator: LineOperator;
  readonly recordOperator: RecordOperator;
  /** The state to go to, or with Error its message; "" to stay. */
  readonly newState: string;
  /** Line of the template, from 1. */
  readonly line: number;
}

export interface RuleOptions {
  /** Accept `^(?i)...`: Python before 3.11 did, and old templates have it. */
  readonly lateFlags?: boolean;
}

type Action = Pick<Rule, "lineOperator" | "recordOperator" | "newState">;

const NO_ACTION: Action = { lineOperator: "", recordOperator: "", newState: "" };
const LINE = `(?P<line>${LINE_OPERATORS.join("|")})`;
const RECORD = `(?P<record>${RECORD_OPERATORS.join("|")})`;
const STATE = '(?P<state>\\w+|\\".*\\")';
/** The three shapes of what follows the arrow, in the order in which they are tried. */
const ACTIONS = [
  `\\s+${LINE}(\\.${RECORD})?(\\s+${STATE})?$`,
  `\\s+${RECORD}(\\s+${STATE})?$`,
  `(\\s+${STATE})?$`,
].map((shape) => compile(shape));
const ARROW = compile("(?P<match>.*)(\\s->(?P<action>.*))");
const WORD = compile("\\w+");
const LATE_FLAGS = /^\^(\(\?[aimsux]+\))/;

/** Reads one rule. `values` fills its placeholders; without any, none is filled. Throws `TextFSMTemplateError`. */
export function parseRule(
  text: string,
  line: number,
  values: ReadonlyMap<string, string>,
  options: RuleOptions = {},
): Rule {
  const stripped = strip(text);
  if (stripped === "") throw new TextFSMTemplateError(`Null data in FSMRule. Line: ${line}`, line);
  const arrow = stripped.includes("->") ? ARROW.match(stripped) : null;
  const match = arrow?.group("match") ?? stripped;
  const regex = values.size > 0 ? fill(match, values, line) : match;
  const pattern = compilePattern(regex, line, options);
  const action = arrow === null ? NO_ACTION : parseAction(arrow.group("action") ?? "", stripped, line);
  checkAction(action, line);
  return { match, regex, pattern, ...action, line };
}

/** The rule as the original prints it. */
export function ruleText({ match, lineOperator, recordOperator, newState }: Rule): string {
  const operation = lineOperator + (lineOperator && recordOperator ? "." : "") + recordOperator;
  const right = operation && newState ? `${operation} ${newState}` : operation + newState;
  return right === "" ? `  ${match}` : `  ${match} -> ${right}`;
}

function fill(match: string, values: ReadonlyMap<string, string>, line: number): string {
  try {
    return substitute(match, values);
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    throw new TextFSMTemplateError(
      `Duplicate or invalid variable substitution: '${match}'. Line: ${line}.`,
      line,
      { cause: error },
    );
  }
}

function compilePattern(regex: string, line: number, options: RuleOptions): Pattern {
  const source = options.lateFlags ? regex.replace(LATE_FLAGS, "$1^") : regex;
  try {
    return compile(source, 0, { namedGroupsOnly: true });
  } catch (error) {
    if (!(error instanceof PythonReError)) throw error;
    throw new TextFSMTemplateError(`Invalid regular expression: '${regex}'. Line: ${line}.`, line, {
      cause: error,
    });
  }
}

function parseAction(text: string, rule: string, line: number): Action {
  const known = knownActions.get(text);
  if (known !== undefined) return known;
  for (const shape of ACTIONS) {
    const groups = shape.match(text)?.groupdict();
    if (groups === undefined) continue;
    const action: Action = {
      lineOperator: (groups.line ?? "") as LineOperator,
      recordOperator: (groups.record ?? "") as RecordOperator,
      newState: groups.state ?? "",
    };
    if (knownActions.size < MAX_KNOWN_ACTIONS) knownActions.set(text, action);
    return action;
  }
  throw new TextFSMTemplateError(`Badly formatted rule '${rule}'. Line: ${line}.`, line);
}

/** Few actions are used again and again. */
const knownActions = new Map<string, Action>();
const MAX_KNOWN_ACTIONS = 1000;

function checkAction({ lineOperator, newState }: Action, line: number): void {
  if (newState === "") return;
  if (lineOperator === "Continue") {
    throw new TextFSMTemplateError(
      `Action '${lineOperator}' with new state ${newState} specified. Line: ${line}.`,
      line,
    );
  }
  if (lineOperator !== "Error" && WORD.match(newState) === null) {
    throw new TextFSMTemplateError(`Alphanumeric characters only in state names. Line: ${line}.`, line);
  }
}
