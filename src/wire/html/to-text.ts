import { compile } from 'html-to-text'
import { boundHtml, htmlLimit } from './bound.ts'

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

/** The readable text of an HTML document: no tags, no images, no scripts. Bounded in time (`boundHtml`). */
export function htmlToText(html: string): string {
  return convert(boundHtml(html))
}
