/** A byte stream to a device: an SSH shell, a Telnet connection, or a test's. */
export interface Transport {
  /** Sends bytes; text is sent as UTF-8. Must not throw after the peer has gone. */
  write(data: Uint8Array | string): void;
  /** Receives every byte from now on, in order. One listener at a time; bytes before the first are held back. */
  onData(listener: (chunk: Buffer) => void): void;
  /** Resolves once when no byte can come any more, with the error if it was not a plain end. */
  readonly closed: Promise<Error | undefined>;
  /** Stops reading until `resume`, so that the device waits. */
  pause(): void;
  resume(): void;
  /** Ends it at once, without a word to the device. */
  close(): void;
}
