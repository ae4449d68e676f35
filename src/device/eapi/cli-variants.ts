/** Commands of which a device knows one form or the other, depending on its version: the first that it accepts is used. */
export class CliVariants {
  /** At least two; each is a sequence of commands. */
  readonly variants: readonly (readonly string[])[];

  constructor(...variants: readonly (string | readonly string[])[]) {
    if (variants.length < 2) throw new TypeError("variants of a command need at least two");
    this.variants = variants.map((variant) => (typeof variant === "string" ? [variant] : variant));
  }

  /** Every sequence of commands that a list with variants in it stands for, the first variants first. */
  static expand<T>(commands: readonly (T | CliVariants)[]): (T | string)[][] {
    const [head, ...tail] = commands;
    if (head === undefined) return [[]];
    const rest = CliVariants.expand(tail);
    const heads: readonly (readonly (T | string)[])[] =
      head instanceof CliVariants ? head.variants : [[head]];
    return heads.flatMap((variant) => rest.map((more) => [...variant, ...more]));
  }
}
