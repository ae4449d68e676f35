import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import { str } from "../../../src/python/values/text.ts";
import { truth } from "../../../src/python/values/truth.ts";
import type { FunctionCall } from "./attributes.ts";
import { update } from "./copy.ts";
import { resolvePath } from "./dynamic-path.ts";
import { dictOfFields, type Fields, setFields } from "./fields.ts";
import type { Group, GroupId, GroupLine } from "./group.ts";
import type { PlacedMatch } from "./matcher.ts";
import { chooseMatch } from "./preference.ts";
import { mergeInto, type PathStep, ResultTree } from "./result-path.ts";
import type { Runtime } from "./runtime.ts";

/** A match as it goes into the results; `false` when one of the line's functions refused it. */
export interface Match {
  readonly line: GroupLine;
  readonly result: Fields | false;
}

interface RecordStart {
  readonly path: string[];
  readonly functions?: readonly FunctionCall[];
  readonly defaults?: PyDict;
  readonly group?: Group;
}

/** The group that is being collected. */
export class ResultRecord {
  readonly path: string[];
  readonly functions: readonly FunctionCall[];
  defaults: PyDict;
  readonly groupId: GroupId | undefined;
  readonly groupName: string;
  /** The record continues a group that was saved already, after a group within it. */
  mergeWithLast = false;
  #result: PyDict | undefined;
  // Merged only when somebody looks: most groups are added to line by line and read once.
  #added: Fields[] = [];

  constructor(fields: Fields, { path, functions = [], defaults = new PyDict(), group }: RecordStart) {
    this.#added.push(fields);
    this.path = path;
    this.functions = functions;
    this.defaults = defaults;
    this.groupId = group?.id;
    this.groupName = group?.idName ?? "";
  }

  /** The values so far. */
  get result(): PyDict {
    const { length } = this.#added;
    if (this.#result !== undefined && length === 0) return this.#result;
    const merged = new PyDict();
    for (let index = length - 1; index >= 0; index -= 1) setFields(merged, this.#added[index] ?? []);
    if (this.#result !== undefined) update(merged, this.#result);
    this.#added = [];
    this.#result = merged;
    return merged;
  }

  set result(result: PyDict) {
    this.#added = [];
    this.#result = result;
  }

  /** Adds the values of a line. Values that are there already win, but the new ones come first. */
  add(fields: Fields): void {
    this.#added.push(fields);
  }
}

/**
 * Forms the tree of results from the sorted matches of an input. What starts, ends and belongs to a group is decided here,
 * as TTP decides it; group functions reach the record and the path cache.
 */
export class ResultsBuilder {
  /** The tree: a dictionary, or null where TTP loses it (integer keys of a path that becomes a list). */
  tree: unknown;
  record: ResultRecord = emptyRecord();
  /** The last values of dynamic path names. */
  readonly pathCache = new PyDict();
  readonly #runtime: Runtime;
  readonly #variables: PyDict;
  readonly #paths: ResultTree;
  readonly #started: GroupId[] = [];
  readonly #ended = new Set<GroupId>();

  constructor(runtime: Runtime, variables: PyDict, tree: unknown) {
    this.#runtime = runtime;
    this.#variables = variables;
    this.#paths = new ResultTree(runtime.intPathKeys);
    this.tree = tree;
  }

  /** Saves the matches of all groups, each in the order of the input. Of several at one place one counts. */
  build(groups: readonly (readonly PlacedMatch[])[], varsToResults: PyDict): void {
    if (groups.length > 0) this.#saveVariables(varsToResults);
    for (const found of groups) this.#takeAll(found);
    this.#saveRecord();
  }

  #takeAll(found: readonly PlacedMatch[]): void {
    for (let from = 0; from < found.length; ) {
      let to = from + 1;
      while (found[to]?.place === found[from]?.place) {
        if (to >= found.length) break;
        to += 1;
      }
      const match =
        to === from + 1 ? found[from] : chooseMatch(found.slice(from, to), this.record, this.#started);
      if (match !== undefined) this.#take(match);
      from = to;
    }
  }

  #take({ line, result }: Match): void {
    const { group } = line;
    if (result === false) {
      this.#ended.add(group.id);
      return;
    }
    if (group.parentId !== undefined && this.#ended.has(group.parentId)) return;
    if (this.#ended.has(group.id)) {
      if (!line.action.startsWith("start")) return;
      this.#ended.delete(group.id);
    }
    this.#save(line, result);
  }

  #save(line: GroupLine, result: Fields): void {
    switch (line.action) {
      case "start":
        this.#start(line, result);
        return;
      case "startempty":
        this.#start(line, []);
        return;
      case "add":
        this.#add(line, result);
        return;
      case "join":
        this.#join(line, result);
        return;
      case "end":
        this.#end(line.group);
    }
  }

  #start(line: GroupLine, result: Fields): void {
    const { group } = line;
    this.#trace(line);
    this.#saveRecord();
    this.record = new ResultRecord(result, {
      path: [...group.path],
      functions: group.functions,
      defaults: group.runs,
      group,
    });
  }

  /** Keeps the chain of started groups: a group leaves it when another that is not within it starts. */
  #trace({ group, isLine }: GroupLine): void {
    const started = this.#started;
    while (started.length > 0) {
      // Lines of _line_ groups collect what nothing else matches, so they end no group.
      if (group.parentId === started.at(-1) || isLine) {
        started.push(group.id);
        return;
      }
      started.pop();
    }
    started.push(group.id);
  }

  #add(line: GroupLine, result: Fields): void {
    if (samePath(this.record.path, line.group.path)) {
      this.record.add(result);
    } else {
      this.#resume(line, result);
    }
  }

  /** A match behind a group within its group: collected apart and merged into what was saved. */
  #resume(line: GroupLine, result: Fields): void {
    if (!this.#started.includes(line.group.id)) return;
    this.#start(line, result);
    this.record.mergeWithLast = true;
    this.record.defaults = new PyDict();
  }

  #join(line: GroupLine, fields: Fields): void {
    if (!samePath(this.record.path, line.group.path)) {
      this.#resume(line, fields);
      return;
    }
    const result = dictOfFields(fields);
    const joiner = joinText(line, result);
    const collected = this.record.result;
    for (const [key, value] of result.items()) {
      if (collected.has(key)) collected.set(key, joined(collected.get(key), value, joiner));
      else collected.set(key, value);
    }
  }

  #end(group: Group): void {
    if (!samePath(this.record.path, group.path)) {
      if (this.#started.length === 0) throw new PythonError("IndexError", "list index out of range");
      if (group.id === this.#started.at(-1)) return;
    }
    this.#ended.add(group.id);
  }

  /** Runs the record's group functions and saves what they leave. */
  #saveRecord(): void {
    const path = this.#processRecord();
    if (path !== undefined) this.save(this.record.result, path);
  }

  #processRecord(): PathStep[] | undefined {
    const { record } = this;
    if (record.defaults.size > 0) {
      const { result } = record;
      for (const [key, value] of record.defaults.items()) if (!result.has(key)) result.set(key, value);
    }
    if (record.mergeWithLast) {
      const path = this.resolvePath(record.path);
      if (path !== undefined) record.result = this.#withSaved(record.result, path);
    }
    for (const call of record.functions) {
      const [data, verdict] = this.#runtime.callGroupFunction(call, record.result);
      record.result = data as PyDict;
      if (verdict === false) return undefined;
    }
    return this.resolvePath(record.path);
  }

  /** The steps of a path with its dynamic names replaced, or undefined where a name has no value. */
  resolvePath(path: readonly string[]): PathStep[] | undefined {
    return resolvePath(path, this.record.result, this.pathCache, this.#variables);
  }

  /** What was saved last at a path, with the record's results over it: a copy. */
  #withSaved(result: PyDict, path: PathStep[]): PyDict {
    const element = this.#paths.at(path, this.tree);
    const saved: unknown = Array.isArray(element) ? element.at(-1) : element;
    if (!(saved instanceof PyDict))
      throw new PythonError("AttributeError", "there is no saved result to add to");
    const whole = saved.copy();
    update(whole, result);
    return whole;
  }

  /** Saves a result at a path: into an empty place, at the end of a list, or making a list of what is there. */
  save(result: unknown, path: PathStep[]): void {
    const element = this.#paths.at(path, this.tree);
    if (Array.isArray(element)) {
      if (!truth(result)) return;
      if (this.record.mergeWithLast) mergeInto(element.at(-1), asDict(result));
      else element.push(result);
    } else if (element instanceof PyDict) {
      this.#saveIntoDict(element, result, path);
    }
  }

  #saveIntoDict(element: PyDict, result: unknown, path: PathStep[]): void {
    if (this.record.mergeWithLast) {
      mergeInto(element, asDict(result));
    } else if (path.at(-1)?.stars === "**") {
      const dict = asDict(result);
      update(dict, element);
      update(element, dict);
    } else if (element.size > 0) {
      this.tree = this.#paths.toList(this.tree, path, result as PyDict);
    } else {
      update(element, asDict(result));
    }
  }

  /** Variables of `<vars name="path">` go into the results before all groups. */
  #saveVariables(varsToResults: PyDict): void {
    const paths = [...varsToResults.keys()].map(str).toSorted(byCodePoint);
    for (const path of paths) {
      if (path === "") continue;
      const names = (varsToResults.get(path) as unknown[]).filter((name) => this.#variables.has(name));
      const result = names.flatMap((name) => [name, this.#variables.get(name)]);
      this.record = new ResultRecord(result, { path: path.split(".").map((item) => item.trim()) });
      const steps = this.resolvePath(this.record.path);
      if (steps !== undefined) this.save(this.record.result, steps);
    }
    this.record = emptyRecord();
  }
}

function emptyRecord(): ResultRecord {
  return new ResultRecord([], { path: [] });
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** What `joinmatches` puts between joined texts; the last variable that says so decides. */
function joinText(line: GroupLine, result: PyDict): unknown {
  let joiner: unknown = "\n";
  for (const name of result.keys()) {
    const call = line.variables.get(String(name))?.functions.find((item) => item.name === "joinmatches");
    if (call !== undefined && call.args.length > 0) joiner = call.args[0];
  }
  return joiner;
}

function joined(present: unknown, value: unknown, joiner: unknown): unknown {
  if (typeof present === "string") {
    if (typeof joiner !== "string" || typeof value !== "string") {
      throw new PythonError("TypeError", "can only concatenate str to str");
    }
    return present + joiner + value;
  }
  if (!Array.isArray(present)) return [present, value];
  if (Array.isArray(value)) present.push(...value);
  else present.push(value);
  return present;
}

function asDict(value: unknown): PyDict {
  if (!(value instanceof PyDict))
    throw new PythonError("ValueError", "dictionary update sequence element #0 has the wrong length");
  return value;
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
