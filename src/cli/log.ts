import { pino } from "pino";
import type { Logger } from "../runtime/index.ts";

/** Keys that never belong in a log, whatever object they come with. */
const SECRET_KEYS = ["password", "secret", "token", "privateKey", "passphrase", "authorization", "cookie"];

/** JSON lines on standard output. Errors are logged with their message and stack, never with what they carry beside. */
export function makeLog(name: string, level: string): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  const logger = pino({
    name,
    level,
    base: { component: name },
    redact: { paths, censor: "<secret>" },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
