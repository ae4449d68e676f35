export function dumpYaml(_value: unknown): string {
  return "";
}
