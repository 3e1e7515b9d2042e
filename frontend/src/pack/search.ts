// How the phone answers: search/pack/searching.py, number by number; that file says why. Sums are of whole numbers.
import { textsOf } from "./format";
import type { Pack } from "./format";
import { features, fold } from "./tokens";
import { WordIndex } from "./wordIndex";
import type { Reading } from "./wordIndex";

const LEXICAL_WEIGHT = 0.2;
const MIN_COSINE = 0.2;
const MICRO = 1_000_000;

export class PackSearch {
  private readonly index: WordIndex;
  private readonly rows: Map<string, number>;
  private readonly products: number;

  constructor(private readonly pack: Pack) {
    this.rows = new Map(pack.tokens.map((token, row) => [token, row]));
    const others = new Set(pack.about.others.split("\n"));
    const knows = (word: string) => this.tokenOf(word) !== undefined || others.has(word) || others.has(fold(word));
    this.index = new WordIndex(textsOf(pack.about.cards), knows);
    this.products = pack.about.cards.id.length;
  }

  /** Rows of at most `most` products, best first. */
  search(text: string, most: number): number[] {
    const readings = this.index.read(text);
    if (!readings.length || !this.products) return [];
    const lexical = this.lexical(readings);
    const cosines = this.cosines(readings.map(({ meant }) => meant));
    const scores = lexical.map((share, row) => Math.floor(((cosines[row] ?? 0) + LEXICAL_WEIGHT * share) * MICRO + 0.5));
    const score = (row: number) => scores[row] ?? 0;
    const matches = [...scores.keys()].filter((row) => (lexical[row] ?? 0) > 0 || (cosines[row] ?? 0) >= MIN_COSINE);
    return matches.sort((a, b) => score(b) - score(a) || a - b).slice(0, most);
  }

  /** Of query and products, without their common part. */
  private cosines(words: string[]): Float64Array {
    const { dimensions, product_step, query_scale } = this.pack.about;
    const query = this.encode(words);
    const sums = new Float64Array(this.products);
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const value = query[dimension] ?? 0;
      if (value === 0) continue;
      const start = dimension * this.products;
      for (let row = 0; row < this.products; row++) sums[row] = (sums[row] ?? 0) + value * (this.pack.vectors[start + row] ?? 0);
    }
    return Float64Array.from(sums, (sum) => sum * (product_step / query_scale));
  }

  /** The sum of the words' and pairs' vectors, in whole numbers of 1 / query_scale. */
  private encode(words: string[]): number[] {
    const { dimensions, token_step, query_scale } = this.pack.about;
    const tokens = words.map((word) => this.tokenOf(word)).filter((token) => token !== undefined);
    const rows = features(tokens).map((feature) => this.rows.get(feature)).filter((row) => row !== undefined);
    const factor = (token_step * query_scale) / Math.sqrt(Math.max(tokens.length, 1));
    const { table, tokens: all } = this.pack;
    return Array.from({ length: dimensions }, (_, dimension) => {
      const sum = rows.reduce((total, row) => total + (table[dimension * all.length + row] ?? 0), 0);
      return Math.floor(sum * factor + 0.5);
    });
  }

  private tokenOf(word: string): string | undefined {
    return [word, fold(word), `${word}s`].find((form) => this.rows.has(form));
  }

  /** The share of the query's words that each product has, from 0 to 1; rare words count more. */
  private lexical(readings: Reading[]): Float64Array {
    const total = new Float64Array(this.products);
    let possible = 0;
    for (const reading of readings) {
      const best = new Float64Array(this.products);
      let matches = 0;
      for (const { number, weight } of reading.words) {
        for (const row of this.index.postings[number] ?? []) {
          const before = best[row] ?? 0;
          if (before === 0) matches++;
          if (weight > before) best[row] = weight;
        }
      }
      const idf = Math.log(1 + (this.products - matches + 0.5) / (matches + 0.5));
      possible += idf;
      for (let row = 0; row < this.products; row++) total[row] = (total[row] ?? 0) + idf * (best[row] ?? 0);
    }
    return total.map((sum) => sum / possible);
  }
}
