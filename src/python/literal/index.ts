export { PythonNameError, PythonSyntaxError } from "./errors.ts";
export { type LiteralOptions, parseArguments, parseAssignments, parseExpression } from "./parser.ts";
