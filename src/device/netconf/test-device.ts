import { MemoryTransport } from "../memory-transport.ts";
import { parseXml, type XmlElement } from "../xml/index.ts";
import { NetconfClient } from "./client.ts";
import type { NetconfOptions } from "./session.ts";

/** A device in memory: says a hello, keeps what it is asked, and says what a test wants, in the framing of 1.0. */
export class TestDevice {
  readonly transport: MemoryTransport;
  readonly asked: XmlElement[] = [];

  constructor(answer?: (request: XmlElement, device: TestDevice) => void) {
    this.transport = new MemoryTransport((text) => {
      const request = parseXml(text.replace("]]>]]>", ""));
      if (request.name !== "rpc") return;
      this.asked.push(request);
      answer?.(request, this);
    });
  }

  /** Its hello; `capabilities` are short names or URIs. */
  greet(capabilities: readonly string[] = [], sessionId = "7"): void {
    const uris = ["urn:ietf:params:netconf:base:1.0", ...capabilities.map(uriOf)];
    const list = uris.map((uri) => `<capability>${uri}</capability>`).join("");
    this.say(`<hello><capabilities>${list}</capabilities><session-id>${sessionId}</session-id></hello>`);
  }

  say(message: string): void {
    this.transport.say(`${message}]]>]]>`);
  }

  reply(request: XmlElement, content = "<ok/>"): void {
    this.say(`<rpc-reply message-id="${request.attributes["message-id"] ?? ""}">${content}</rpc-reply>`);
  }

  /** A client that has exchanged hellos with it. */
  async client(
    capabilities: readonly string[] = [],
    options: Partial<NetconfOptions> = {},
  ): Promise<NetconfClient> {
    this.greet(capabilities);
    return await NetconfClient.open(this.transport, { device: "r1", ...options });
  }
}

/** A device that does whatever it is asked. */
export function obedientDevice(): TestDevice {
  return new TestDevice((request, device) => device.reply(request));
}

function uriOf(name: string): string {
  return name.startsWith(":") ? `urn:ietf:params:netconf:capability${name}` : name;
}
