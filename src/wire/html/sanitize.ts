import sanitizeHtml from 'sanitize-html'
import { boundHtml } from './bound.ts'

const layout = ['align', 'valign', 'width', 'height', 'bgcolor', 'dir', 'lang', 'title', 'class', 'id', 'name']

/** What is let through; everything else goes. `style`, `svg` and `math` never: sanitize-html is unsafe with them. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'html',
      'head',
      'body',
      'title',
      'meta',
      'div',
      'span',
      'p',
      'br',
      'hr',
      'a',
      'img',
      'b',
      'i',
      'u',
      's',
      'em',
      'strong',
      'small',
      'big',
      'font',
    ],
    ...[
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'ul',
      'ol',
      'li',
      'dl',
      'dt',
      'dd',
      'blockquote',
      'pre',
      'code',
      'tt',
      'kbd',
      'samp',
      'sub',
      'sup',
      'center',
    ],
    ...[
      'table',
      'thead',
      'tbody',
      'tfoot',
      'tr',
      'td',
      'th',
      'caption',
      'col',
      'colgroup',
      'address',
      'cite',
      'q',
      'del',
      'ins',
      'strike',
      'abbr',
    ],
  ],
  allowedAttributes: {
    '*': layout,
    a: ['href', 'target', 'rel'],
    img: ['src', 'alt', 'border', 'hspace', 'vspace'],
    font: ['color', 'face', 'size'],
    table: ['border', 'cellpadding', 'cellspacing', 'frame', 'rules', 'summary'],
    td: ['colspan', 'rowspan', 'nowrap'],
    th: ['colspan', 'rowspan', 'nowrap', 'scope'],
    ol: ['start', 'type'],
    li: ['value'],
    meta: [{ name: 'http-equiv', multiple: false, values: ['Content-Type'] }, 'content'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel', 'ftp', 'cid'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'svg', 'math', 'iframe', 'object'],
  nestingLimit: 200,
  parser: { lowerCaseTags: true },
}

/** What filtered HTML may be made to say besides. */
export interface FilterOptions {
  /** Pictures that would be fetched from elsewhere lose their address. */
  blockImages?: boolean
  /** Links open in a window of their own, which cannot reach back. */
  blankTargets?: boolean
}

/**
 * The HTML without anything that acts: no script, style element, form, frame, svg, math or event attribute; links only to http,
 * https, mailto, tel, ftp; pictures only from http, https, cid or data, and no web beacons (MS-OXWSCDATA_R1194). What is left shows the same text.
 */
export function filterHtml(html: string, options: FilterOptions = {}): string {
  return filtered(html, options).html
}

/** The same, and whether the HTML goes on beyond what is shown of it (`boundHtml`). */
export function filterAndCut(html: string, options: FilterOptions = {}): { html: string; isCut: boolean } {
  return filtered(html, options)
}

/** Would the HTML, shown, fetch pictures from elsewhere? */
export function hasExternalImages(html: string): boolean {
  return filtered(html, { blockImages: true }).blocked > 0
}

/** Where a picture that travels with its message lies, or one that is written out on the spot. */
const within = /^\s*(?:cid|data):/i

function filtered(html: string, { blockImages, blankTargets }: FilterOptions): { html: string; isCut: boolean; blocked: number } {
  let blocked = 0
  const bounded = boundHtml(html)
  const transformTags: sanitizeHtml.IOptions['transformTags'] = {
    img: (tagName, attribs) => {
      const { src, ...others } = attribs
      if (src === undefined || within.test(src)) return { tagName, attribs }
      if (isBeacon(attribs)) return { tagName, attribs: {} }
      if (!blockImages) return { tagName, attribs }
      blocked++
      return { tagName, attribs: others }
    },
    ...(blankTargets && {
      a: (tagName, attribs) => ({ tagName, attribs: 'href' in attribs ? { ...attribs, target: '_blank', rel: 'noopener' } : attribs }),
    }),
  }
  // What is left is written with `<` escaped in all but tags, so this is a picture of which nothing is left and no text.
  const shown = sanitizeHtml(bounded, { ...allowed, transformTags }).replaceAll('<img />', '')
  return { html: shown, isCut: bounded.length < html.length, blocked }
}

/** A picture that nobody sees, fetched from elsewhere so that somebody hears who reads. */
function isBeacon({ width = '', height = '', style = '' }: sanitizeHtml.Attributes): boolean {
  const isDot = (size: string) => /^\s*[01](?:\s*px)?\s*$/i.test(size)
  if (isDot(width) && isDot(height)) return true
  const styled = `;${style.toLowerCase().replaceAll(/\s+/g, '')};`
  if (/;(?:display:none|visibility:hidden)/.test(styled)) return true
  return /;width:[01](?:px)?(?:!important)?;/.test(styled) && /;height:[01](?:px)?(?:!important)?;/.test(styled)
}
