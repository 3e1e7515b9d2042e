/** Letters to insert, delete, replace, or swap with their neighbour; `most` + 1 if there are more (Damerau 1964). */
export function editDistance(first: string, second: string, most: number): number {
  if (Math.abs(first.length - second.length) > most) return most + 1;
  let before: number[] = [];
  let last: number[] = [];
  let row = Array.from({ length: second.length + 1 }, (_, place) => place);
  for (let i = 0; i < first.length; i++) {
    [last, before, row] = [before, row, [i + 1]];
    for (let j = 0; j < second.length; j++) {
      let cost = Math.min(at(before, j) + (first[i] === second[j] ? 0 : 1), at(before, j + 1) + 1, at(row, j) + 1);
      if (i > 0 && j > 0 && first[i] === second[j - 1] && first[i - 1] === second[j]) cost = Math.min(cost, at(last, j - 1) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > most) return most + 1;
  }
  return Math.min(at(row, second.length), most + 1);
}

const at = (numbers: number[], place: number) => numbers[place] ?? 0;
