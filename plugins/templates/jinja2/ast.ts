import type { BinaryOperator } from "../../../src/python/values/index.ts";

/** Every node knows its line (from 1) and its place in the source in characters. */
interface Placed {
  readonly line: number;
  readonly at: number;
}

export interface Arguments {
  readonly args: readonly Expression[];
  readonly kwargs: ReadonlyArray<readonly [string, Expression]>;
  readonly dynArgs: Expression | undefined;
  readonly dynKwargs: Expression | undefined;
}

export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export type NameNode = Placed & { readonly kind: "name"; readonly name: string };
export type NamespaceRef = Placed & { readonly kind: "nsref"; readonly name: string; readonly attr: string };
export type CallNode = Placed & {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: Arguments;
};
export type FilterNode = Placed & {
  readonly kind: "filter";
  /** Absent in `{% filter %}` and `{% set x | f %}`: the text of the block. */
  readonly node: Expression | undefined;
  readonly name: string;
  readonly arguments: Arguments;
};

export type Expression = Placed &
  (
    | { readonly kind: "const"; readonly value: unknown }
    | NameNode
    | NamespaceRef
    | { readonly kind: "tuple" | "list"; readonly items: readonly Expression[] }
    | { readonly kind: "dict"; readonly pairs: ReadonlyArray<readonly [Expression, Expression]> }
    | { readonly kind: "getattr"; readonly node: Expression; readonly name: string }
    | { readonly kind: "getitem"; readonly node: Expression; readonly key: Expression }
    | {
        readonly kind: "slice";
        readonly start: Expression | undefined;
        readonly stop: Expression | undefined;
        readonly step: Expression | undefined;
      }
    | CallNode
    | FilterNode
    | {
        readonly kind: "test";
        readonly node: Expression;
        readonly name: string;
        readonly arguments: Arguments;
      }
    | {
        readonly kind: "binary";
        readonly operator: BinaryOperator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: "unary"; readonly operator: "+" | "-"; readonly node: Expression }
    | { readonly kind: "not"; readonly node: Expression }
    | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "concat"; readonly items: readonly Expression[] }
    | {
        readonly kind: "compare";
        readonly first: Expression;
        readonly rest: ReadonlyArray<{ readonly operator: CompareOperator; readonly node: Expression }>;
      }
    | {
        readonly kind: "condition";
        readonly test: Expression;
        readonly yes: Expression;
        readonly no: Expression | undefined;
      }
  );

export interface Signature {
  readonly params: readonly NameNode[];
  /** Defaults of the last parameters. */
  readonly defaults: readonly Expression[];
}

export type BlockNode = Placed & {
  readonly kind: "block";
  readonly name: string;
  readonly body: readonly Statement[];
  readonly scoped: boolean;
  readonly required: boolean;
};
export type ForNode = Placed & {
  readonly kind: "for";
  readonly target: Expression;
  readonly iter: Expression;
  readonly test: Expression | undefined;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
};
export type MacroNode = Placed & {
  readonly kind: "macro";
  readonly name: string;
  readonly signature: Signature;
  readonly body: readonly Statement[];
};
export type CallBlockNode = Placed & {
  readonly kind: "callblock";
  readonly signature: Signature;
  readonly call: CallNode;
  readonly body: readonly Statement[];
};
export type IfNode = Placed & {
  readonly kind: "if";
  /** `if` and every `elif`. */
  readonly branches: ReadonlyArray<{ readonly test: Expression; readonly body: readonly Statement[] }>;
  readonly otherwise: readonly Statement[];
};
export type ImportNode = Placed & {
  readonly kind: "import";
  readonly template: Expression;
  readonly target: string;
  readonly withContext: boolean;
};
export type FromImportNode = Placed & {
  readonly kind: "fromimport";
  readonly template: Expression;
  readonly names: ReadonlyArray<readonly [name: string, alias: string]>;
  readonly withContext: boolean;
};
export type IncludeNode = Placed & {
  readonly kind: "include";
  readonly template: Expression;
  readonly withContext: boolean;
  readonly ignoreMissing: boolean;
};
export type WithNode = Placed & {
  readonly kind: "with";
  readonly pairs: ReadonlyArray<readonly [Expression, Expression]>;
  readonly body: readonly Statement[];
};

export type Statement =
  | (Placed & { readonly kind: "data"; readonly text: string })
  | (Placed & { readonly kind: "output"; readonly node: Expression })
  | ForNode
  | IfNode
  | MacroNode
  | CallBlockNode
  | (Placed & {
      readonly kind: "filterblock";
      readonly filter: FilterNode;
      readonly body: readonly Statement[];
    })
  | WithNode
  | BlockNode
  | (Placed & { readonly kind: "extends"; readonly template: Expression })
  | IncludeNode
  | ImportNode
  | FromImportNode
  | (Placed & { readonly kind: "set"; readonly target: Expression; readonly node: Expression })
  | (Placed & {
      readonly kind: "setblock";
      readonly target: Expression;
      readonly filter: FilterNode | undefined;
      readonly body: readonly Statement[];
    })
  | (Placed & { readonly kind: "autoescape"; readonly node: Expression; readonly body: readonly Statement[] })
  | (Placed & { readonly kind: "do"; readonly node: Expression })
  | (Placed & { readonly kind: "break" | "continue" });
