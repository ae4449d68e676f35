const WORDS = (
  "lorem ipsum dolor sit amet consectetuer adipiscing elit sed non risus suspendisse lectus tortor dignissim nec ultricies " +
  "mauris cras elementum ultrices diam maecenas ligula massa varius semper congue euismod"
).split(" ");

/**
 * Filler text of `paragraphs` paragraphs with between `min` and `max` words each. The same text every time: a template that is rendered
 * twice gives the same result twice.
 */
export function loremIpsum(paragraphs: number, min: number, max: number, html: boolean): string {
  let state = 1;
  const draw = (below: number) => {
    state = (state * 48271) % 0x7fffffff;
    return state % Math.max(1, below);
  };
  const texts: string[] = [];
  for (let p = 0; p < paragraphs; p++) {
    const count = min + draw(max - min);
    const words: string[] = [];
    let starts = true;
    for (let w = 0; w < count; w++) {
      const word = WORDS[draw(WORDS.length)] ?? "lorem";
      const ends = w === count - 1 || (w % 9 === 8 && draw(2) === 0);
      words.push((starts ? word.charAt(0).toUpperCase() + word.slice(1) : word) + (ends ? "." : ""));
      starts = ends;
    }
    texts.push(html ? `<p>${words.join(" ")}</p>` : words.join(" "));
  }
  return texts.join(html ? "\n" : "\n\n");
}
