interface Line {
  readonly text: string;
  readonly children: Line[];
}

/** Configuration as devices keep it: lines under lines, `no` removes, some lines exist once at a place. */
export class RunningConfig {
  private root: Line[] = [];
  private readonly replaces: readonly string[];

  constructor(replaces: readonly string[], initial: string) {
    this.replaces = replaces;
    const path: string[] = [];
    for (const line of initial.split("\n").filter((l) => l.trim() !== "")) {
      const depth = line.length - line.trimStart().length;
      path.length = depth;
      this.apply(path, line.trim());
      path.push(line.trim());
    }
  }

  /** Adds or removes a line under the lines of `path`. */
  apply(path: readonly string[], text: string): void {
    let place = this.root;
    for (const parent of path) place = this.child(place, parent).children;
    const removed = /^(?:no|default) (.+)$/.exec(text)?.[1];
    if (removed !== undefined) {
      const before = place.length;
      remove(place, (line) => line.text === removed || line.text.startsWith(`${removed} `));
      // What is on by default shows its negation.
      if (before === place.length && path.length > 0) this.child(place, text);
      return;
    }
    remove(place, (line) => line.text === `no ${text}`);
    const once = this.replaces.find((start) => text.startsWith(`${start} `));
    if (once !== undefined) remove(place, (line) => line.text.startsWith(`${once} `) && line.text !== text);
    this.child(place, text);
  }

  /** A copy that changes on its own. */
  copy(): RunningConfig {
    const twin = new RunningConfig(this.replaces, "");
    twin.root = structuredClone(this.root);
    return twin;
  }

  /** Becomes what another one is. */
  become(other: RunningConfig): void {
    this.root = structuredClone(other.root);
  }

  clear(): void {
    this.root = [];
  }

  /** What is different in another one: `+` and `-` lines, each block's header before them. */
  differences(other: RunningConfig): string {
    return compare(this.root, other.root, 0).join("\n");
  }

  /** As text, each top-level block followed by the separator. */
  text(separator: string): string {
    return this.root.map((line) => `${print(line, 0)}${separator === "" ? "" : `${separator}\n`}`).join("");
  }

  private child(place: Line[], text: string): Line {
    const found = place.find((line) => line.text === text);
    if (found) return found;
    const line = { text, children: [] };
    place.push(line);
    return line;
  }
}

function compare(before: readonly Line[], after: readonly Line[], depth: number): string[] {
  const result: string[] = [];
  const pad = " ".repeat(depth);
  for (const line of before) {
    const same = after.find((l) => l.text === line.text);
    if (!same) result.push(`-${pad}${line.text}`);
    else {
      const inside = compare(line.children, same.children, depth + 1);
      if (inside.length > 0) result.push(` ${pad}${line.text}`, ...inside);
    }
  }
  for (const line of after.filter((l) => !before.some((b) => b.text === l.text))) {
    result.push(`+${pad}${line.text}`, ...compare([], line.children, depth + 1));
  }
  return result;
}

function print(line: Line, depth: number): string {
  return `${" ".repeat(depth)}${line.text}\n${line.children.map((child) => print(child, depth + 1)).join("")}`;
}

function remove(place: Line[], matches: (line: Line) => boolean): void {
  for (let at = place.length - 1; at >= 0; at--) {
    const line = place[at];
    if (line && matches(line)) place.splice(at, 1);
  }
}
