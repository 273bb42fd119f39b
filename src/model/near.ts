/** The words nearest to one that is not there, nearest first, at most `most`; those too far away are left out. */
export function nearest(word: string, words: readonly string[], most = 3): string[] {
  const wanted = word.toLowerCase().slice(0, 100)
  const reach = Math.max(2, Math.floor(wanted.length / 4))
  return words
    .filter(({ length }) => Math.abs(length - wanted.length) <= reach)
    .map((candidate) => ({ candidate, far: distance(wanted, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= reach)
    .toSorted((a, b) => a.far - b.far || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** How many letters must be put, taken or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + same))
    }
    previous = current
  }
  return previous[b.length]!
}
