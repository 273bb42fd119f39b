import type { LateTexts, Texts } from './text-names.ts'

/** French counts millions in a form of its own: here they are as any other number. */
export function ofMillions(texts: Partial<Texts & LateTexts>): object {
  const all = (texts: Record<string, string>) =>
    Object.entries(texts).flatMap(([name, text]) =>
      name.endsWith('_other')
        ? [
            [name, text],
            [name.replace(/other$/, 'many'), text],
          ]
        : [[name, text]],
    )
  return Object.fromEntries(Object.entries(texts).map(([area, texts]) => [area, Object.fromEntries(all(texts))]))
}
