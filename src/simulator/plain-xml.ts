/** XML without declaration, comments, layout and NETCONF's own prefix, empty elements in one form: requests are compared so. */
export function plainXml(text: string): string {
  return text
    .replace(/<\?xml[^>]*\?>|<!--[\s\S]*?-->/g, "")
    .replace(/>\s+/g, ">")
    .replace(/\s+</g, "<")
    .replace(/\s+(\/?>)/g, "$1")
    .replace(/<([^\s/>]+)([^<>]*)><\/\1>/g, "<$1$2/>")
    .replace(/ xmlns(?::nc)?="urn:ietf:params:xml:ns:netconf:base:1\.0"/g, "")
    .replace(/<(\/?)nc:/g, "<$1")
    .trim();
}

/** Recorded replies by request: several in their order, the last of which stays. */
export class RecordedReplies {
  private readonly replies = new Map<string, string[]>();

  constructor(recorded: Readonly<Record<string, string | readonly string[]>>) {
    for (const [request, replies] of Object.entries(recorded))
      this.replies.set(plainXml(request), [replies].flat());
  }

  to(request: string): string | undefined {
    const replies = this.replies.get(plainXml(request));
    return replies && replies.length > 1 ? replies.shift() : replies?.[0];
  }
}
