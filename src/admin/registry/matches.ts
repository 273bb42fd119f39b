import { isLike } from '#model'

/** `To*` names every text that begins so, `To` that text alone; upper and lower case are alike. */
export function matches(text: string, pattern: string): boolean {
  return isLike(text.toLowerCase(), pattern.toLowerCase())
}
