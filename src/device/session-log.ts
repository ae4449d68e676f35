/** What happened on a session, for people: what was sent and received. */
export interface SessionLog {
  sent(text: string, secret: boolean): void;
  received(text: string): void;
  /** Masks one more secret from now on: a one-time code. */
  hide(secret: string): void;
  /** Hands over what is held back; nothing follows. */
  end(): void;
}

const MASK = "********";

/**
 * Masks secrets in a text that comes in pieces. A piece that ends in the beginning of a secret is held back until it is clear whether
 * it is one; at the end such a beginning is masked as well.
 */
export class Redactor {
  private secrets: readonly string[] = [];
  private held = "";

  /** Empty secrets are left out: they would mask everything. */
  constructor(secrets: readonly (string | undefined)[]) {
    this.add(secrets);
  }

  /** Masks these too from now on. */
  add(secrets: readonly (string | undefined)[]): void {
    const known = secrets.filter((secret): secret is string => secret !== undefined && secret !== "");
    // The longest first: a secret may contain another.
    this.secrets = [...new Set([...this.secrets, ...known])].toSorted((a, b) => b.length - a.length);
  }

  push(text: string): string {
    const masked = this.mask(this.held + text);
    const keep = this.beginning(masked);
    this.held = masked.slice(masked.length - keep);
    return masked.slice(0, masked.length - keep);
  }

  end(): string {
    const rest = this.held === "" ? "" : MASK;
    this.held = "";
    return rest;
  }

  private mask(text: string): string {
    let masked = text;
    for (const secret of this.secrets) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, MASK);
    }
    return masked;
  }

  /** Length of the longest end of a text that begins a secret. */
  private beginning(text: string): number {
    let longest = 0;
    for (const secret of this.secrets) {
      for (let length = Math.min(secret.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(secret.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}

/** A session log that masks the given secrets and hands on the rest. */
export function sessionLog(
  secrets: readonly (string | undefined)[],
  write: (direction: "sent" | "received", text: string) => void,
  options: { readonly recordsWrites: boolean },
): SessionLog {
  const incoming = new Redactor(secrets);
  const known = [...secrets];
  const emit = (direction: "sent" | "received", text: string) => {
    if (text !== "") write(direction, text);
  };
  return {
    sent(text, secret) {
      if (!options.recordsWrites) return;
      const outgoing = new Redactor(known);
      emit("sent", secret ? MASK : outgoing.push(text) + outgoing.end());
    },
    received: (text) => emit("received", incoming.push(text)),
    hide(secret) {
      known.push(secret);
      incoming.add([secret]);
    },
    end: () => emit("received", incoming.end()),
  };
}
