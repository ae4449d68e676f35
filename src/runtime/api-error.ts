/** The API server's `Status` object, as far as errors use it. */
export interface ApiStatus {
  kind?: string;
  status?: string;
  code?: number;
  reason?: string;
  message?: string;
  details?: {
    name?: string;
    kind?: string;
    retryAfterSeconds?: number;
    causes?: { reason?: string; message?: string; field?: string }[];
  };
}

/** The API server refused a request. `code` 0 means that no answer came (connection refused, reset, timed out). */
export class ApiError extends Error {
  /** The HTTP status, or 0 when there was no answer. */
  readonly status: number;
  /** The machine-readable word of the Status, such as `Conflict`; for no answer `Timeout` or `ConnectionFailed`. */
  readonly reason: string;
  /** How long the server asked to wait. */
  readonly retryAfterSeconds: number | undefined;
  /** What exactly was wrong, for a refused object: field paths and messages. */
  readonly causes: readonly { reason?: string; message?: string; field?: string }[];

  constructor(
    init: {
      status: number;
      reason: string;
      message: string;
      retryAfterSeconds?: number | undefined;
      causes?: ApiError["causes"];
    },
    options?: ErrorOptions,
  ) {
    super(init.message, options);
    this.name = "ApiError";
    this.status = init.status;
    this.reason = init.reason;
    this.retryAfterSeconds = init.retryAfterSeconds;
    this.causes = init.causes ?? [];
  }

  /** From a response's body, or from the object of an ERROR watch event. A body that is no Status (a proxy's page) is quoted. */
  static fromBody(status: number, body: string, request: string, retryAfter?: string): ApiError {
    const parsed = parseStatus(body);
    const message = parsed?.message ?? `${body.slice(0, 200) || "(empty body)"}`;
    return ApiError.fromStatus(
      { ...parsed, code: status, message: `${request}: ${status} ${message}` },
      retryAfter,
    );
  }

  static fromStatus(status: ApiStatus, retryAfter?: string): ApiError {
    const code = status.code ?? 500;
    const header = Number(retryAfter);
    return new ApiError({
      status: code,
      reason: status.reason || REASONS[code] || "Unknown",
      message: status.message ?? `the API server answered ${code}`,
      retryAfterSeconds: retryAfter !== undefined && header >= 0 ? header : status.details?.retryAfterSeconds,
      causes: status.details?.causes ?? [],
    });
  }
}

// For bodies without a Status: what the API server calls these codes.
const REASONS: Record<number, string> = {
  400: "BadRequest",
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  405: "MethodNotAllowed",
  409: "Conflict",
  410: "Gone",
  413: "RequestEntityTooLarge",
  415: "UnsupportedMediaType",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
  504: "Timeout",
};

function parseStatus(body: string): ApiStatus | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && (value as ApiStatus).kind === "Status"
      ? (value as ApiStatus)
      : undefined;
  } catch {
    return undefined;
  }
}

function has(error: unknown, status: number, reason?: string): boolean {
  return (
    error instanceof ApiError && error.status === status && (reason === undefined || error.reason === reason)
  );
}

/** The object does not exist. */
export const isNotFound = (error: unknown): boolean => has(error, 404);
/** A create found an object of that name. */
export const isAlreadyExists = (error: unknown): boolean => has(error, 409, "AlreadyExists");
/** The object changed since it was read (resourceVersion or uid precondition, or another field manager's fields). */
export const isConflict = (error: unknown): boolean => has(error, 409) && !isAlreadyExists(error);
/** A list or watch asked for a resourceVersion that is no longer kept. */
export const isGone = (error: unknown): boolean => has(error, 410);
/** The object was refused by its schema or by a rule. */
export const isInvalid = (error: unknown): boolean => has(error, 422);
export const isForbidden = (error: unknown): boolean => has(error, 403);
export const isUnauthorized = (error: unknown): boolean => has(error, 401);
export const isTooManyRequests = (error: unknown): boolean => has(error, 429);
/** No answer came in time, or the server gave up on the request. Whether a write took place is unknown. */
export const isTimeout = (error: unknown): boolean => error instanceof ApiError && error.reason === "Timeout";
/** No connection, a reset connection, or no answer in time. */
export const isConnectionFailure = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 0;

/** A list asked for a version that this API server has not reached yet, as after a fail-over between API servers. */
export function isResourceVersionTooLarge(error: unknown): boolean {
  return (
    has(error, 504, "Timeout") &&
    ((error as ApiError).causes.some((cause) => cause.reason === "ResourceVersionTooLarge") ||
      (error as ApiError).message.includes("Too large resource version"))
  );
}
