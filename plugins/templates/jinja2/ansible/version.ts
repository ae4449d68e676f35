/** Orders two version texts part by part: numbers as numbers, letters as text; a number comes after letters. */
export function compareVersions(a: string, b: string): number {
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i];
    const y = right[i];
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    if (x === y) continue;
    if (typeof x === "number" && typeof y === "number") return x - y;
    if (typeof x === "number") return 1;
    if (typeof y === "number") return -1;
    return x < y ? -1 : 1;
  }
  return 0;
}

function parts(version: string): (number | string)[] {
  const pieces = version.match(/\d+|[a-zA-Z]+/g) ?? [];
  return pieces.map((piece) => (/^\d/.test(piece) ? Number(piece) : piece));
}
