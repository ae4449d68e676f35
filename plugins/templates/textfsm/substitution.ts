/** Why a placeholder could not be filled. */
export class SubstitutionError extends Error {}

const PLACEHOLDER = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\}|)/gi;

/**
 * Fills `$name` and `${name}`, and makes `$$` a dollar sign, as Python's `string.Template` does. Throws `SubstitutionError`
 * for an unknown name or a lone `$`.
 */
export function substitute(text: string, values: ReadonlyMap<string, string>): string {
  if (!text.includes("$")) return text;
  return text.replace(PLACEHOLDER, (all, escaped?: string, plain?: string, braced?: string) => {
    if (escaped !== undefined) return "$";
    const value = values.get(plain ?? braced ?? "");
    if (value === undefined) throw new SubstitutionError(all);
    return value;
  });
}
