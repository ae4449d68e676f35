/*
 * Forms in which devices ask. A line that looks like one and is no prompt is never answered unless the answer is listed for that
 * very command.
 */
const QUESTION =
  /(?:\?\s*$|\?\s*[[(][^\])]*[\])]\s*:?\s*$|\[(?:yes|no|y|n|confirm|ok|cancel)\b[^\]]*\]\s*[:?]?\s*$|\((?:yes|no|y)\b[^)]*\)\s*[:?]?\s*$|\[[^\]]*\]\s*\?\s*$|(?:assword|assphrase|username|login)[^:]{0,40}:\s*$|press any key.*$|press \S+ to continue.*$)/i;

/** Whether a last line asks something. */
export function looksLikeQuestion(line: string, more: readonly RegExp[] = []): boolean {
  return QUESTION.test(line) || more.some((pattern) => pattern.test(line));
}

/** What stands in the last line when the output waits for a key. */
export const PAGER =
  /(?:-{1,3} ?\(?more\)? ?(?:\(?\d+%\)?)? ?-{0,3}|<-+ ?more ?-+>|\(more\s?\d*%?\)|\[?more\b[^\]]{0,40}\]?|lines \d+-\d+|press any key to continue.*q.*|quit\(q\).*|space.{0,20}(?:next page|continue).*|ctrl[-+]c.{0,40}(?:space|enter).*)[\s-]*$/i;
