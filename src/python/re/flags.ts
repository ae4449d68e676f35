/** Python's flag bits, under Python's names. Combine them with `|`. */
export const IGNORECASE = 2;
export const LOCALE = 4;
export const MULTILINE = 8;
export const DOTALL = 16;
export const UNICODE = 32;
export const VERBOSE = 64;
export const DEBUG = 128;
export const ASCII = 256;
/** Accepted and without effect, as in Python 3.11. */
export const TEMPLATE = 1;

/** The letters of inline flags such as `(?im)`. */
export const FLAG_LETTERS: Readonly<Record<string, number>> = {
  i: IGNORECASE,
  L: LOCALE,
  m: MULTILINE,
  s: DOTALL,
  x: VERBOSE,
  a: ASCII,
  t: TEMPLATE,
  u: UNICODE,
};

/** Flags of which at most one may be set. */
export const TYPE_FLAGS = ASCII | LOCALE | UNICODE;
/** Flags that no scoped group such as `(?t:...)` may change. */
export const GLOBAL_FLAGS = DEBUG | TEMPLATE;
