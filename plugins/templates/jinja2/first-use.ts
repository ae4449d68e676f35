import type { Expression, Statement } from "./ast.ts";
import { namesUsed } from "./names-used.ts";
import { targetNames } from "./scope.ts";

/** Whether a scope first reads a name or first assigns it; undefined when it does neither. Inner scopes do not count. */
export type FirstUse = "read" | "stored" | undefined;

export function firstUse(statements: readonly Statement[], name: string): FirstUse {
  for (const statement of statements) {
    const use = useIn(statement, name);
    if (use) return use;
  }
  return undefined;
}

function useIn(node: Statement, name: string): FirstUse {
  switch (node.kind) {
    case "output":
    case "do":
    case "autoescape":
      return node.kind !== "autoescape" && reads(node.node, name) ? "read" : undefined;
    case "set":
      return reads(node.node, name) ? "read" : storedIf(targetNames(node.target).includes(name));
    case "setblock":
      return storedIf(targetNames(node.target).includes(name));
    case "macro":
      return storedIf(node.name === name);
    case "import":
      return reads(node.template, name) ? "read" : storedIf(node.target === name);
    case "fromimport":
      return reads(node.template, name) ? "read" : storedIf(node.names.some(([, alias]) => alias === name));
    case "include":
    case "extends":
      return reads(node.template, name) ? "read" : undefined;
    case "for":
      return reads(node.iter, name) ? "read" : undefined;
    case "callblock":
      return reads(node.call, name) ? "read" : undefined;
    case "filterblock":
      return reads(node.filter, name) ? "read" : undefined;
    case "with":
      return node.pairs.some(([, value]) => reads(value, name)) ? "read" : undefined;
    case "if": {
      if (node.branches.some((branch) => reads(branch.test, name))) return "read";
      const uses = [...node.branches.map((branch) => branch.body), node.otherwise].map((body) =>
        firstUse(body, name),
      );
      if (uses.every((use) => use === "stored")) return "stored";
      // Assigned in one branch only: after it the name may still mean what it meant outside.
      return uses.some((use) => use !== undefined) ? "read" : undefined;
    }
  }
  return undefined;
}

const storedIf = (is: boolean): FirstUse => (is ? "stored" : undefined);

function reads(node: Expression, name: string): boolean {
  return namesUsed([{ kind: "output", node, line: node.line, at: node.at }], [name]).has(name);
}
