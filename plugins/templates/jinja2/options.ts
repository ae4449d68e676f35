import { z } from "zod";

const delimiter = z.string().min(1).max(40);

/** The option `undefined`: Jinja2's classes, and the two strict ones that network tools use. */
export const UNDEFINED_KINDS = [
  "Undefined",
  "ChainableUndefined",
  "DebugUndefined",
  "StrictUndefined",
  "ChainableStrictUndefined",
  "ChainableFalsyStrictUndefined",
] as const;
export type UndefinedKind = (typeof UNDEFINED_KINDS)[number];

/** Options of an environment under Jinja2's names. Unknown names are refused. */
export const environmentOptionsSchema = z.strictObject({
  block_start_string: delimiter.default("{%"),
  block_end_string: delimiter.default("%}"),
  variable_start_string: delimiter.default("{{"),
  variable_end_string: delimiter.default("}}"),
  comment_start_string: delimiter.default("{#"),
  comment_end_string: delimiter.default("#}"),
  line_statement_prefix: delimiter.nullable().default(null),
  line_comment_prefix: delimiter.nullable().default(null),
  trim_blocks: z.boolean().default(false),
  lstrip_blocks: z.boolean().default(false),
  newline_sequence: z.enum(["\n", "\r\n", "\r"]).default("\n"),
  keep_trailing_newline: z.boolean().default(false),
  autoescape: z.boolean().default(false),
  undefined: z.enum(UNDEFINED_KINDS).default("Undefined"),
  extensions: z.array(z.enum(["do", "loopcontrols"])).default([]),
  /** `sandboxed` refuses names that begin with an underscore as Jinja2's sandbox does; `immutable` also methods that change values. */
  sandbox: z.enum(["plain", "sandboxed", "immutable"]).default("plain"),
  /** Packs of filters and tests to add. */
  filters: z.array(z.enum(["ansible"])).default([]),
  policies: z
    .strictObject({
      "urlize.rel": z.string().nullable().default("noopener"),
      "urlize.target": z.string().nullable().default(null),
      "urlize.extra_schemes": z.array(z.string()).nullable().default(null),
      "truncate.leeway": z.int().default(5),
    })
    .prefault({}),
  /** What one rendering may use; each with a default that no sane template reaches. */
  limits: z
    .strictObject({
      /** Loop rounds, calls and items. */
      steps: z.int().positive().default(20_000_000),
      /** Characters and list items made on the way. */
      memory: z.int().positive().default(200_000_000),
      /** Characters of the result. */
      output: z.int().positive().default(50_000_000),
      /** Macros, includes, blocks and recursive loops inside one another. */
      depth: z.int().positive().default(200),
    })
    .prefault({}),
});

/** What a caller passes: everything has a default. */
export type EnvironmentOptions = z.input<typeof environmentOptionsSchema>;
/** The same with all defaults filled in. */
export type ResolvedOptions = z.output<typeof environmentOptionsSchema>;
