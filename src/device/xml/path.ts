import type { XmlElement } from "./element.ts";

type Predicate = (candidate: XmlElement, position: number) => boolean;

interface Step {
  /** Local name, or `*`. */
  readonly name: string;
  /** Among all descendants and not only the children. */
  readonly deep: boolean;
  readonly predicates: readonly Predicate[];
}

export interface CompiledPath {
  readonly steps: readonly Step[];
  /** Whether the same element can be reached in two ways. */
  readonly repeats: boolean;
}

// A getter has some dozens of paths; those with a device's names in them must not fill the memory.
const CACHED_PATHS = 2000;
const cache = new Map<string, CompiledPath>();

/** Reads a path once; throws a `SyntaxError` with the place. */
export function compilePath(path: string): CompiledPath {
  const known = cache.get(path);
  if (known) return known;
  const steps = readSteps(path);
  const compiled = { steps, repeats: steps.filter((step) => step.deep).length > 1 };
  if (cache.size >= CACHED_PATHS) cache.clear();
  cache.set(path, compiled);
  return compiled;
}

export function findAll(from: XmlElement, path: CompiledPath): XmlElement[] {
  const found: XmlElement[] = [];
  walk(from, path.steps, 0, (one) => {
    found.push(one);
    return false;
  });
  return path.repeats ? [...new Set(found)] : found;
}

export function findFirst(from: XmlElement, path: CompiledPath): XmlElement | undefined {
  let found: XmlElement | undefined;
  walk(from, path.steps, 0, (one) => {
    found = one;
    return true;
  });
  return found;
}

/** Depth first; `visit` and the walk itself return true to stop. */
function walk(
  from: XmlElement,
  steps: readonly Step[],
  index: number,
  visit: (one: XmlElement) => boolean,
): boolean {
  const step = steps[index];
  if (!step) return visit(from);
  const chosen = step.predicates.length === 0 ? undefined : choose(from, step);
  for (const one of from.children) {
    const fits = chosen ? chosen.has(one) : step.name === "*" || one.name === step.name;
    if (fits && walk(one, steps, index + 1, visit)) return true;
    if (step.deep && walk(one, steps, index, visit)) return true;
  }
  return false;
}

/** The children that fit: each predicate counts positions among those which the ones before it left. */
function choose(from: XmlElement, step: Step): ReadonlySet<XmlElement> {
  let left = from.children.filter((one) => step.name === "*" || one.name === step.name);
  for (const predicate of step.predicates) left = left.filter((one, at) => predicate(one, at + 1));
  return new Set(left);
}

const stepName = /(?:[\p{L}_][\p{L}\p{N}_.-]*:)?([\p{L}_][\p{L}\p{N}_.-]*)|\*/uy;
const predicateText =
  /\[\s*(?:(\d+)|(\.)\s*=\s*(?:'([^']*)'|"([^"]*)")|(@?[\p{L}_][\p{L}\p{N}_.:-]*)\s*(?:=\s*(?:'([^']*)'|"([^"]*)"))?)\s*\]/uy;

function readSteps(path: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  let deep = false;
  if (path === ".") return steps;
  if (path.startsWith(".//")) [at, deep] = [3, true];
  else if (path.startsWith("//")) [at, deep] = [2, true];
  else if (path.startsWith("./")) at = 2;
  for (;;) {
    const name = matchAt(stepName, path, at);
    if (!name) throw new SyntaxError(`"${path}" is no path: a name or * is missing at character ${at + 1}`);
    at += name[0].length;
    const predicates: Predicate[] = [];
    for (let found = matchAt(predicateText, path, at); found; found = matchAt(predicateText, path, at)) {
      predicates.push(readPredicate(found));
      at += found[0].length;
    }
    steps.push({ name: name[1] ?? "*", deep, predicates });
    if (at === path.length) return steps;
    if (path[at] !== "/")
      throw new SyntaxError(`"${path}" is no path: not understood from character ${at + 1} on`);
    deep = path[at + 1] === "/";
    at += deep ? 2 : 1;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function readPredicate(found: RegExpExecArray): Predicate {
  const [, position, self, selfSingle, selfDouble, name = "", single, double] = found;
  if (position !== undefined) return (_one, at) => at === Number(position);
  if (self !== undefined) {
    const wanted = selfSingle ?? selfDouble;
    return (one) => one.text.trim() === wanted;
  }
  const wanted = single ?? double;
  if (name.startsWith("@")) {
    const attribute = name.slice(1);
    return ({ attributes }) =>
      Object.hasOwn(attributes, attribute) && (wanted === undefined || attributes[attribute] === wanted);
  }
  const local = name.slice(name.indexOf(":") + 1);
  return (one) =>
    one.children.some(
      (child) => child.name === local && (wanted === undefined || child.text.trim() === wanted),
    );
}
