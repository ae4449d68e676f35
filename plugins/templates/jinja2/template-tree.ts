import type { BlockNode, Statement } from "./ast.ts";

/** All blocks in some statements, however deep. */
export function blocksIn(statements: readonly Statement[]): BlockNode[] {
  return statements.flatMap((statement) => {
    const inner = bodiesOf(statement).flatMap(blocksIn);
    return statement.kind === "block" ? [statement, ...inner] : inner;
  });
}

/** Whether a tree extends another template, anywhere in it. */
export function hasExtends(statements: readonly Statement[]): boolean {
  return statements.some((s) => s.kind === "extends" || bodiesOf(s).some(hasExtends));
}

function bodiesOf(statement: Statement): (readonly Statement[])[] {
  if (statement.kind === "if") return [...statement.branches.map((b) => b.body), statement.otherwise];
  if (statement.kind === "for") return [statement.body, statement.otherwise];
  return "body" in statement ? [statement.body] : [];
}
