// The words of the packed products, and how a typed word is read: search/pack/index.py, for the same result.
import { editDistance } from "./edits";
import { fold, isChinese, isUnfinished, pieces } from "./tokens";

const PREFIX_WEIGHT = 0.9;
const TYPO_WEIGHT = 0.6;
const SHORTEST_TYPO = 4;
const LONG = 8;

/** Index words that a typed word may be, with their weights, and the word to encode. */
export interface Reading {
  words: { number: number; weight: number }[];
  meant: string;
}

export class WordIndex {
  readonly words: string[];
  readonly postings: number[][];
  private trigrams: Map<string, number[]> | null = null;

  constructor(
    texts: string[],
    private readonly knows: (word: string) => boolean,
  ) {
    const rows = new Map<string, number[]>();
    texts.forEach((text, row) => {
      for (const word of new Set(pieces(text).map(fold))) {
        const known = rows.get(word);
        if (known) known.push(row);
        else rows.set(word, [row]);
      }
    });
    this.words = [...rows.keys()].sort();
    this.postings = this.words.map((word) => rows.get(word) ?? []);
  }

  /** Each piece of the text, in order. */
  read(text: string): Reading[] {
    const typed = pieces(text);
    const last = isUnfinished(text) ? typed.length - 1 : -1;
    return typed.map((word, at) => this.readWord(word, at === last));
  }

  private readWord(word: string, unfinished: boolean): Reading {
    const folded = fold(word);
    const place = this.placeOf(folded);
    const exact = this.words[place] === folded;
    const words = exact ? [{ number: place, weight: 1 }] : [];
    if (unfinished) {
      for (let number = this.placeOf(word); this.words[number]?.startsWith(word); number++) {
        if (!exact || number !== place) words.push({ number, weight: PREFIX_WEIGHT });
      }
    }
    if (words.length) return { words, meant: exact ? word : this.commonest(words.map(({ number }) => number)) };
    const mayBeTypo = word.length >= SHORTEST_TYPO && !isChinese(word) && !this.knows(word);
    const near = mayBeTypo ? this.near(folded, unfinished) : [];
    return { words: near.map((number) => ({ number, weight: TYPO_WEIGHT })), meant: near.length ? this.commonest(near) : word };
  }

  /** Where the word is, or would stand. */
  private placeOf(word: string): number {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.words[middle] ?? "") < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private commonest(numbers: number[]): string {
    const uses = (number: number) => this.postings[number]?.length ?? 0;
    return this.words[numbers.reduce((best, number) => (uses(number) > uses(best) ? number : best))] ?? "";
  }

  /** Words with the fewest edits; of an unfinished word their beginnings are compared. */
  private near(word: string, unfinished: boolean): number[] {
    const most = word.length >= LONG ? 2 : 1;
    const known = this.byTrigram();
    const candidates = new Set(trigramsOf(word).flatMap((part) => known.get(part) ?? []));
    const found = new Map<number, number[]>();
    for (const number of [...candidates].sort((a, b) => a - b)) {
      const edits = editsTo(word, this.words[number] ?? "", most, unfinished);
      if (edits <= most) found.set(edits, [...(found.get(edits) ?? []), number]);
    }
    return found.get(Math.min(...found.keys())) ?? [];
  }

  private byTrigram() {
    if (!this.trigrams) {
      this.trigrams = new Map();
      for (const [number, word] of this.words.entries()) {
        for (const part of new Set(trigramsOf(word))) {
          const known = this.trigrams.get(part);
          if (known) known.push(number);
          else this.trigrams.set(part, [number]);
        }
      }
    }
    return this.trigrams;
  }
}

/** With a mark at the beginning. */
function trigramsOf(word: string): string[] {
  const marked = `^${word}`;
  return Array.from({ length: Math.max(0, marked.length - 2) }, (_, start) => marked.slice(start, start + 3));
}

function editsTo(word: string, other: string, most: number, unfinished: boolean): number {
  let edits = editDistance(word, other, most);
  if (!unfinished) return edits;
  const longest = Math.min(other.length, word.length + most);
  for (let end = Math.max(1, word.length - most); end <= longest; end++) edits = Math.min(edits, editDistance(word, other.slice(0, end), most));
  return edits;
}
