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

/**
 * What stands in the last line when the output waits for a key. It begins the line, and never with mere words: a line of output may
 * have arrived in part only, and a key in the middle of output would go into the next command.
 */
export const PAGER =
  /^\s*(?:-{2,4} ?\(?more\)? ?(?:\(?\d+%\)?)? ?-{2,4}(?: (?:or )?\(q\b.*)?|-{2,4} ?\(more(?: \d+%)?\) ?-{2,4}|-{2,4} more \( ?press.*|-{2} more -{2}, .*quit.*|<-+ ?more ?-+>|<more>|\(more\s?\d*%?\)|\[more\b[^\]\n]{0,40}\]|lines \d+-\d+|press any key to continue.{0,10}q.*|(?:press |hit )?<?space(?:bar)?>?.{0,20}(?:next page|continue).*|quit\(q\).*|ctrl[-+]c.{0,40}(?:space|enter).*)[\s-]*$/i;
