/** A configuration or difference without the lines that say when it was made, and without the `end` that follows it. */
export function withoutHeader(config: string): string {
  return config
    .replace(/^Building config.*\n!! IOS.*/gm, "")
    .trim()
    .replace(/^!!.*/, "")
    .replace(/(?:^|\n)end$/, "")
    .trim();
}
