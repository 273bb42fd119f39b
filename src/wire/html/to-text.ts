import { compile } from 'html-to-text'

/** Characters of HTML that are looked at; the text of a longer document is cut. */
export const htmlLimit = 1_000_000

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: htmlLimit, maxDepth: 100, maxChildNodes: 10_000, ellipsis: '' },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    { selector: 'style', format: 'skip' },
    { selector: 'script', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', format: 'block' },
  ],
})

/** The readable text of an HTML document: no tags, no images, no scripts. Bounded in time by `htmlLimit`. */
export function htmlToText(html: string): string {
  return convert(html.slice(0, htmlLimit))
}
