/** A text that is read from left to right. */
export interface Reader {
  readonly text: string
  done(): boolean
  position(): number
  back(position: number): void
  /** The next character; empty at the end. */
  peek(): string
  take(): string
  takeWhile(wanted: (character: string) => boolean): string
  skip(characters: number): void
  /** Spaces and tabs; false when there were none. */
  skipSpace(): boolean
  /** Up to sixteen characters of what is left, after `beyond` of them. */
  rest(beyond?: number): string
}

/** Starts at the beginning of the text. */
export function createReader(text: string): Reader {
  let at = 0
  const takeWhile = (wanted: (character: string) => boolean) => {
    const start = at
    while (at < text.length && wanted(text[at]!)) at++
    return text.slice(start, at)
  }
  return {
    text,
    done: () => at >= text.length,
    position: () => at,
    back: (position) => void (at = position),
    peek: () => text[at] ?? '',
    take: () => text[at++] ?? '',
    takeWhile,
    skip: (characters) => void (at += characters),
    skipSpace: () => takeWhile((character) => character === ' ' || character === '\t' || character === '\u00a0') !== '',
    rest: (beyond = 0) => text.slice(at + beyond, at + beyond + 16),
  }
}
