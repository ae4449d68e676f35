import { PythonReError } from "./errors.ts";
import { childrenOf, type Node, widthOf } from "./syntax.ts";

/**
 * Refuses look-behinds of which the width is not fixed. Python finds them while it generates code, after the whole pattern was
 * read, and gives no position. `bodyOf` gives what is in a group.
 */
export function checkLookBehinds(node: Node, bodyOf: (group: number) => Node | undefined): void {
  if (node.kind === "look" && !node.ahead) {
    const [low, high] = widthOf(node.body, bodyOf);
    if (low !== high) throw new PythonReError("look-behind requires fixed-width pattern");
  }
  for (const child of childrenOf(node)) checkLookBehinds(child, bodyOf);
}
