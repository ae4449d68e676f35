import { isPlain, type TextMatcher } from "../../../src/python/re/index.ts";
import { TextFSMError } from "./errors.ts";
import { splitLines } from "./lines.ts";
import { type Cell, RecordInProgress, type Row } from "./record.ts";
import type { Rule } from "./rule.ts";
import type { Template } from "./template.ts";

/** What happened to one line of the input, for those who watch. */
export interface LineEvent {
  /** From 1. */
  readonly inputLine: number;
  readonly text: string;
  readonly state: string;
  /** The rule that matched; undefined when none of the state's did. A rule with Continue is followed by further events. */
  readonly rule: Rule | undefined;
  /** Whether the rule made a row. */
  readonly recorded: boolean;
}

/**
 * Runs a template over text. It keeps its state from one call to the next, so text may come in pieces.
 *
 * @example
 * const machine = new Machine(parseTemplate(text));
 * machine.parse("interface Ethernet1\n"); // [["Ethernet1"]]
 */
export class Machine {
  readonly template: Template;
  /** Called for every rule that matched and every line that no rule matched. */
  onLine: ((event: LineEvent) => void) | undefined;

  readonly #states: ReadonlyMap<string, RuleTable>;
  #rows: Row[] = [];
  #record: RecordInProgress;
  #table: RuleTable;
  #stateName = "Start";
  #inputLine = 0;

  constructor(template: Template) {
    this.template = template;
    this.#states = tablesOf(template);
    this.#record = new RecordInProgress(template.values, this.#rows);
    this.#table = this.#tableOf("Start");
  }

  /** The names of the values: the columns of every row. */
  get header(): string[] {
    return this.template.values.map((value) => value.name);
  }

  /** The state the machine is in; `End` or `EOF` when a rule ended the parse. */
  get state(): string {
    return this.#stateName;
  }

  /** The rows so far. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Back to the start: no rows, an empty record, state `Start`. */
  reset(): void {
    this.#rows = [];
    this.#record = new RecordInProgress(this.template.values, this.#rows);
    this.#table = this.#tableOf("Start");
    this.#stateName = "Start";
    this.#inputLine = 0;
  }

  /**
   * Takes more text and returns all rows so far. With `eof` the text ends here: unless the template has an empty `EOF` state,
   * what is in the record becomes a row. Throws `TextFSMError` where an Error rule matches; the rows before it stay in `rows`.
   */
  parse(text: string, eof = true): Row[] {
    const plain = isPlain(text);
    for (const line of splitLines(text)) {
      this.#inputLine++;
      this.#check(line, plain || isPlain(line));
      if (this.#stateName === "End" || this.#stateName === "EOF") break;
    }
    if (eof && this.#stateName !== "End" && !this.#states.has("EOF")) this.#record.save();
    return this.#rows;
  }

  /** As `parse`, with each row as an object under the names of the values. */
  parseToObjects(text: string, eof = true): Record<string, Cell>[] {
    const { header } = this;
    return this.parse(text, eof).map((row) =>
      Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])),
    );
  }

  #tableOf(state: string): RuleTable {
    const table = this.#states.get(state);
    if (table === undefined) throw new Error(`no state ${state}`);
    return table;
  }

  #check(line: string, plain: boolean): void {
    const table = this.#table;
    let matched = false;
    for (const running of table.candidates(line)) {
      const groups = running.match(line, plain);
      if (groups === null) continue;
      matched = true;
      const { targets, rule } = running;
      for (const { value, capture } of targets) this.#record.assign(value, groups[capture] ?? null);
      if (this.#operate(rule, line)) continue;
      if (rule.newState !== "") {
        if (rule.newState !== "End" && rule.newState !== "EOF") this.#table = this.#tableOf(rule.newState);
        this.#stateName = rule.newState;
      }
      return;
    }
    if (!matched) {
      this.onLine?.({
        inputLine: this.#inputLine,
        text: line,
        state: table.name,
        rule: undefined,
        recorded: false,
      });
    }
  }

  /** Does what a matched rule says; true when the next rule is to see the same line. */
  #operate(rule: Rule, line: string): boolean {
    let recorded = false;
    if (rule.recordOperator === "Record") recorded = this.#record.save();
    else if (rule.recordOperator === "Clear") this.#record.clear();
    else if (rule.recordOperator === "Clearall") this.#record.clearAll();
    if (this.onLine !== undefined) {
      this.onLine({ inputLine: this.#inputLine, text: line, state: this.#table.name, rule, recorded });
    }
    if (rule.lineOperator === "Error") throw this.#stopped(rule, line);
    return rule.lineOperator === "Continue";
  }

  #stopped(rule: Rule, line: string): TextFSMError {
    const message =
      rule.newState === ""
        ? `State Error raised. Rule Line: ${rule.line}. Input Line: ${line}`
        : `Error: ${rule.newState}. Rule Line: ${rule.line}. Input Line: ${line}.`;
    return new TextFSMError(message, {
      state: this.#table.name,
      ruleLine: rule.line,
      inputLine: this.#inputLine,
      text: line,
    });
  }
}

/** The index of a value, and where its text is in what a matcher returns. */
interface Target {
  readonly value: number;
  readonly capture: number;
}

/** A rule with its matchers and where its groups go, made at first use: many rules of a template are never run. */
class RunningRule {
  readonly rule: Rule;
  readonly #valueIndexes: ReadonlyMap<string, number>;
  #targets: readonly Target[] | undefined;
  #plain: TextMatcher | undefined;
  #any: TextMatcher | undefined;

  constructor(rule: Rule, valueIndexes: ReadonlyMap<string, number>) {
    this.rule = rule;
    this.#valueIndexes = valueIndexes;
  }

  /** The values that the rule sets, in the order in which they are set. */
  get targets(): readonly Target[] {
    if (this.#targets === undefined) {
      const { pattern } = this.rule;
      const targets: Target[] = [];
      for (const [name, group] of pattern.groupindex) {
        const value = this.#valueIndexes.get(name);
        if (value !== undefined) targets.push({ value, capture: pattern.captureIndex(group) });
      }
      this.#targets = targets;
    }
    return this.#targets;
  }

  match(line: string, plain: boolean): ReturnType<TextMatcher> {
    if (plain) {
      this.#plain ??= this.rule.pattern.textMatcher(true);
      return this.#plain(line);
    }
    this.#any ??= this.rule.pattern.textMatcher(false);
    return this.#any(line);
  }
}

/** The rules of a state, with those picked out that a line's first character allows. */
class RuleTable {
  readonly name: string;
  readonly #rules: readonly RunningRule[];
  /** By first character; 128 stands for the empty line. */
  readonly #byFirst: (readonly RunningRule[] | undefined)[] = [];
  #firsts: readonly (Uint8Array | undefined)[] | undefined;

  constructor(name: string, rules: readonly RunningRule[]) {
    this.name = name;
    this.#rules = rules;
  }

  candidates(line: string): readonly RunningRule[] {
    const code = line === "" ? EMPTY_LINE : line.charCodeAt(0);
    if (code > EMPTY_LINE || (code === EMPTY_LINE && line !== "")) return this.#rules;
    let candidates = this.#byFirst[code];
    if (candidates === undefined) {
      this.#firsts ??= this.#rules.map((running) => running.rule.pattern.firstCharacters());
      const firsts = this.#firsts;
      candidates = this.#rules.filter((_, i) => firsts[i] === undefined || firsts[i]?.[code] === 1);
      this.#byFirst[code] = candidates;
    }
    return candidates;
  }
}

const EMPTY_LINE = 128;

/** Tables are kept with their template: they hold compiled matchers, but no state of a parse. */
const tables = new WeakMap<Template, ReadonlyMap<string, RuleTable>>();

function tablesOf(template: Template): ReadonlyMap<string, RuleTable> {
  let known = tables.get(template);
  if (known === undefined) {
    const indexes = new Map(template.values.map((value, index) => [value.name, index]));
    known = new Map(
      [...template.states].map(([name, state]) => [
        name,
        new RuleTable(
          name,
          state.rules.map((rule) => new RunningRule(rule, indexes)),
        ),
      ]),
    );
    tables.set(template, known);
  }
  return known;
}
