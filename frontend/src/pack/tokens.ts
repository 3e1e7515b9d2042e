// Text to the pieces that the pack's search works with: what search/pack/tokens.py does, for the same result.
const RUN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|(?:(?![\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])[\p{L}\p{N}])+(?:\.[0-9]+)*/gu;
const CHINESE = /^[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/;
const MAX_LENGTH = 40;
const SHORTEST_PLURAL = 4;

export const isChinese = (piece: string) => CHINESE.test(piece);

/** Words in order, Chinese as pairs of characters; a single Chinese character is a piece of its own. */
export function pieces(text: string): string[] {
  const plain = text.toLowerCase().normalize("NFKD").replace(/\p{Mn}/gu, "");
  return (plain.match(RUN) ?? []).flatMap((run) => {
    if (!isChinese(run)) return [run.slice(0, MAX_LENGTH)];
    return run.length === 1 ? [run] : Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));
  });
}

/** Without the "s" of a plural. */
export const fold = (piece: string) => (piece.length >= SHORTEST_PLURAL && piece.endsWith("s") && !piece.endsWith("ss") ? piece.slice(0, -1) : piece);

/** What has a vector: each word, and each two neighbours as "a b". */
export const features = (words: string[]) => [...words, ...words.slice(1).map((word, at) => `${words[at]} ${word}`)];

/** Whether the last word may go on. */
export const isUnfinished = (text: string) => /\S$/.test(text);
