import type { Style } from '#shell'

/** PowerShell's names of colours and their ANSI codes (foreground). */
const codes: Readonly<Record<string, number>> = {
  black: 30, darkred: 31, darkgreen: 32, darkyellow: 33, darkblue: 34, darkmagenta: 35, darkcyan: 36, gray: 37,
  darkgray: 90, red: 91, green: 92, yellow: 93, blue: 94, magenta: 95, cyan: 96, white: 97,
} // prettier-ignore

/** The text in its colours; as it is where colours are off. */
export function styled(text: string, style: Style | undefined, colours: boolean): string {
  if (!colours || !style) return text
  const foreground = codes[style.foreground?.toLowerCase() ?? '']
  const background = codes[style.background?.toLowerCase() ?? '']
  const marks = [...(foreground ? [foreground] : []), ...(background ? [background + 10] : [])]
  return marks.length ? `\u001b[${marks.join(';')}m${text}\u001b[0m` : text
}

/** Characters that would act on the terminal are shown, not sent: what a mailbox holds must not move the cursor. */
export function harmless(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the ones meant
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => (character === '\r' ? '' : '\ufffd'))
}
