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
    img: ['src', 'blockedimagesrc', 'alt', 'border', 'hspace', 'vspace'],
    font: ['color', 'face', 'size'],
    table: ['border', 'cellpadding', 'cellspacing', 'frame', 'rules', 'summary'],
    td: ['colspan', 'rowspan', 'nowrap'],
    th: ['colspan', 'rowspan', 'nowrap', 'scope'],
    ol: ['start', 'type'],
    li: ['value'],
    meta: [{ name: 'http-equiv', multiple: false, values: ['Content-Type'] }, 'content'],
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel', 'ftp', 'cid'],
  allowedSchemesAppliedToAttributes: ['href', 'src', 'cite', 'blockedimagesrc'],
  allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'svg', 'math', 'iframe', 'object'],
  nestingLimit: 200,
  parser: { lowerCaseTags: true },
}

/** What is done with HTML besides. */
export interface HtmlShape {
  /** Take out everything that acts, and web beacons. */
  filter?: boolean
  /** Pictures from elsewhere are not loaded: their address moves to the attribute `blockedimagesrc`. Filters as well, since styles load pictures too. */
  blockImages?: boolean
  /** Links open in a window of their own. */
  blankLinks?: boolean
}

/**
 * The HTML without anything that acts: no script, style element, form, frame, svg, math or event attribute; links only to http,
 * https, mailto, tel, ftp; pictures only from http, https, cid or data, and no web beacons. What is left shows the same text.
 */
export function filterHtml(html: string): string {
  return shapedHtml(html, { filter: true })
}

/** The HTML as a response shape asks for it ([MS-OXWSCDATA] 2.2.4.44 FilterHtmlContent, BlockExternalImages, AddBlankTargetToLinks). */
export function shapedHtml(html: string, { filter = false, blockImages = false, blankLinks = false }: HtmlShape): string {
  if (!filter && !blockImages && !blankLinks) return html
  const filters = filter || blockImages
  return sanitizeHtml(boundHtml(html), {
    ...(filters ? allowed : everything),
    // A picture of which nothing is left goes as well.
    ...(filters && { exclusiveFilter: ({ tag, attribs }) => tag === 'img' && Object.keys(attribs).length === 0 }),
    transformTags: {
      ...(filters && {
        img: (tagName, attribs) =>
          isBeacon(attribs) ? { tagName, attribs: {} } : { tagName, attribs: blockImages ? blocked(attribs) : attribs },
      }),
      ...(blankLinks && {
        a: (tagName, attribs) => ({ tagName, attribs: 'href' in attribs ? { ...attribs, target: '_blank' } : attribs }),
      }),
    },
  })
}

type Attributes = sanitizeHtml.Attributes

/** Only what tags are turned into changes. */
const everything: sanitizeHtml.IOptions = {
  allowedTags: false,
  allowedAttributes: false,
  allowVulnerableTags: true,
  allowedSchemesAppliedToAttributes: [],
  parser: { lowerCaseTags: true },
}
const comesAlong = /^\s*(?:cid|data):/i

/** A picture that nobody sees, asked of another server so that it knows who reads (MS-OXWSCDATA_R1194). */
function isBeacon({ src = '', width = '', height = '', style = '' }: Attributes): boolean {
  if (comesAlong.test(src)) return false
  const isDot = (size: string) => /^\s*[01](?:\s*px)?\s*$/i.test(size)
  if (isDot(width) && isDot(height)) return true
  const styled = style.toLowerCase().replaceAll(/\s+/g, '')
  const inStyle = (name: string) => new RegExp(`(?:^|;)${name}:[01](?:px)?(?:!important)?(?:;|$)`).test(styled)
  return /(?:^|;)(?:display:none|visibility:hidden)/.test(styled) || (inStyle('width') && inStyle('height'))
}

function blocked(attribs: Attributes): Attributes {
  const { src, ...others } = attribs
  return src === undefined || comesAlong.test(src) ? attribs : { ...others, blockedimagesrc: src }
}
