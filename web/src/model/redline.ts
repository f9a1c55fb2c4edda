// What changed between two texts, word by word.

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** Above this many word pairs the texts are shown whole: a table of that size is no help to anyone. */
const PAIRS_MAX = 4_000_000;

function push(pieces: Piece[], kind: Piece['kind'], text: string): void {
  const last = pieces.at(-1);
  if (text === '') return;
  if (last?.kind === kind) last.text += text;
  else pieces.push({ kind, text });
}

/** Lengths of the longest common subsequences of all ends of `a` and `b`. */
function lengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] = a[i] === b[j] ? table[(i + 1) * width + j + 1]! + 1 : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
  return table;
}

export function redline(before: string, after: string): Piece[] {
  const a = before.match(/\s+|[^\s]+/g) ?? [];
  const b = after.match(/\s+|[^\s]+/g) ?? [];
  const pieces: Piece[] = [];

  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  if (a.length * b.length > PAIRS_MAX) {
    push(pieces, 'gone', before);
    push(pieces, 'new', after);
    return pieces;
  }
  const table = lengths(a, b);
  const width = b.length + 1;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(pieces, 'same', a[i]!);
      i++;
      j++;
    } else if (j === b.length || (i < a.length && table[(i + 1) * width + j]! >= table[i * width + j + 1]!)) {
      push(pieces, 'gone', a[i++]!);
    } else {
      push(pieces, 'new', b[j++]!);
    }
  }
  return pieces;
}
