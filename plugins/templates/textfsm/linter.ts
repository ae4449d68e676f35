import { type Node, widthOf } from "../../../src/python/re/index.ts";
import type { Rule } from "./rule.ts";
import type { State, Template } from "./template.ts";

/** What a linter finds. `line` is the template's, from 1. */
export interface Finding {
  readonly code:
    | "unused-value"
    | "runaway-regex"
    | "unreachable-state"
    | "unreachable-rule"
    | "never-records";
  readonly line: number;
  readonly message: string;
}

/** Looks for what a template can hardly mean; findings are sorted by line. A template with findings still parses. */
export function lint(template: Template): Finding[] {
  return [
    ...unusedValues(template),
    ...runawayRegexes(template),
    ...unreachableStates(template),
    ...unreachableRules(template),
    ...neverRecords(template),
  ].toSorted((a, b) => a.line - b.line);
}

function* unusedValues({ values, states }: Template): Generator<Finding> {
  const used = new Set<string>();
  for (const rule of rulesOf(states)) for (const name of rule.pattern.groupindex.keys()) used.add(name);
  for (const { name, line } of values) {
    if (!used.has(name)) yield { code: "unused-value", line, message: `No rule sets the value ${name}.` };
  }
}

function* runawayRegexes({ states }: Template): Generator<Finding> {
  for (const rule of rulesOf(states)) {
    if (!rule.pattern.canRunAway()) continue;
    yield {
      code: "runaway-regex",
      line: rule.line,
      message:
        `A repeat in '${rule.match}' can take the same text in many ways: it is slow here, and elsewhere it can hang. ` +
        "Let each turn of the repeat end with something that it cannot contain.",
    };
  }
}

function* unreachableStates({ states }: Template): Generator<Finding> {
  const reached = new Set<string>();
  const queue = ["Start"];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const { lineOperator, newState } of states.get(name)?.rules ?? []) {
      if (lineOperator !== "Error" && newState !== "") queue.push(newState);
    }
  }
  for (const { name, line } of states.values()) {
    // An empty EOF state is a switch, not a place to go to.
    if (reached.has(name) || name === "EOF") continue;
    yield { code: "unreachable-state", line, message: `No rule leads from Start to the state ${name}.` };
  }
}

function* unreachableRules({ states }: Template): Generator<Finding> {
  for (const state of states.values()) {
    for (const [index, rule] of state.rules.entries()) {
      const earlier = state.rules.slice(0, index).find((other) => hides(other, rule));
      if (earlier === undefined) continue;
      yield {
        code: "unreachable-rule",
        line: rule.line,
        message: `The rule in line ${earlier.line} takes every line that '${rule.match}' could match.`,
      };
    }
  }
}

function* neverRecords({ states }: Template): Generator<Finding> {
  const records = [...rulesOf(states)].some((rule) => rule.recordOperator === "Record");
  const eof = states.get("EOF");
  if (records || eof === undefined) return;
  yield {
    code: "never-records",
    line: eof.line,
    message:
      "No rule records, and the empty state EOF suppresses the record at the end: there will be no rows.",
  };
}

function* rulesOf(states: ReadonlyMap<string, State>): Generator<Rule> {
  for (const state of states.values()) yield* state.rules;
}

/** Whether a rule matches all that a later one matches, and does not pass the line on. */
function hides(earlier: Rule, later: Rule): boolean {
  if (earlier.lineOperator === "Continue") return false;
  if (earlier.regex === later.regex) return true;
  const taken = takes(earlier.pattern.root);
  if (taken === "everything") return true;
  return taken === "everything but empty lines" && widthOf(later.pattern.root)[0] > 0;
}

/** Recognises the catch-all rules `^`, `^.*` and `^.`, also in a group; undefined for any other. */
function takes(root: Node): "everything" | "everything but empty lines" | undefined {
  const items = (root.kind === "sequence" ? root.items : [root]).map(withoutGroup);
  const [start, first, ...rest] = items;
  if (start?.kind !== "place" || start.place !== "start") return undefined;
  if (first === undefined) return "everything";
  if (rest.length > 0 && !(rest.length === 1 && rest[0]?.kind === "place" && first.kind === "repeat"))
    return undefined;
  if (rest[0]?.kind === "place" && rest[0].place !== "lastLine" && rest[0].place !== "end") return undefined;
  if (isAnyCharacter(first)) return "everything but empty lines";
  if (first.kind !== "repeat" || first.max !== Number.POSITIVE_INFINITY) return undefined;
  if (!isAnyCharacter(first.body) || first.min > 1) return undefined;
  return first.min === 0 ? "everything" : "everything but empty lines";
}

function withoutGroup(node: Node): Node {
  return node.kind === "group" ? withoutGroup(node.body) : node;
}

/** `.`: everything but \n, which no line has. */
function isAnyCharacter(node: Node): boolean {
  if (node.kind !== "set") return false;
  const { ranges } = node.set;
  return (
    ranges[0] === 0 &&
    ranges.at(-1) === 0x10ffff &&
    (ranges.length === 2 || (ranges.length === 4 && ranges[1] === 9))
  );
}
