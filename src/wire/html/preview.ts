import { htmlToText } from './to-text.ts'

/** The first line of a body for lists: white space joined, at most 256 characters ([MS-OXWSCORE] 2.2.4.24 Preview). */
export function preview(body: { type: 'HTML' | 'Text'; value: string }): string {
  const text = body.type === 'HTML' ? htmlToText(body.value.slice(0, 32_000)) : body.value.slice(0, 1_500)
  return text.replace(/\s+/g, ' ').trim().slice(0, 256)
}
