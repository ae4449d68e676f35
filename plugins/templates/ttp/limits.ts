/** How much one parse may use. The deadline of the worker thread that it runs in comes on top. */
export interface Limits {
  /** Characters of a template, with everything that it extends and includes. */
  readonly templateLength: number;
  /** Characters of all inputs together. */
  readonly inputLength: number;
  /** Matches of lines, before functions and groups sort them out. */
  readonly matches: number;
}

/** 64 MB of input and ten million matches are far more than any device prints; they keep a thread below about 2 GB. */
export const DEFAULT_LIMITS: Limits = {
  templateLength: 4_000_000,
  inputLength: 64_000_000,
  matches: 10_000_000,
};
