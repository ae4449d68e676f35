const WORD = "[\\w@%+:,./=-]+";
const WORDS = new RegExp(`^${WORD}(?: +${WORD})*$`);

// What only a shell can do: its own commands and keywords. Assignments before a command are caught by the `=` in the first word.
const SHELL_ONLY = new Set(
  (
    ". alias bg break case cd command continue declare do done elif else esac eval exec exit export fc fg fi for function " +
    "getopts hash if jobs let local popd pushd read readonly return set shift source then times trap type typeset ulimit " +
    "umask unalias unset until wait while"
  ).split(" "),
);

/** The words of a command that needs no shell: a program and its arguments, without quotes, variables, patterns and the like. */
export function plainWords(command: string): string[] | undefined {
  const text = command.trim();
  if (!WORDS.test(text)) return undefined;
  const words = text.split(/ +/);
  const first = words[0] ?? "";
  return first.includes("=") || SHELL_ONLY.has(first) ? undefined : words;
}
