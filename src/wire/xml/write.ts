import type { Tree } from '#model'

// What XML 1.0 2.2 does not allow in any form; lone surrogates are seen to by toWellFormed.
// eslint-disable-next-line no-control-regex
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
// eslint-disable-next-line no-control-regex
const special = /[&<>\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/
// eslint-disable-next-line no-control-regex
const specialInAttribute = /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/

/** Text for element content. Characters that XML 1.0 cannot carry are left out; lone surrogates become U+FFFD. */
export function escapeText(value: string): string {
  if (!special.test(value)) return value
  return clean(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

/** Text for an attribute in double quotes. Line ends and tabs survive as character references. */
export function escapeAttribute(value: string): string {
  if (!specialInAttribute.test(value)) return value
  return clean(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\t', '&#x9;')
}

function clean(value: string): string {
  return value.toWellFormed().replace(illegal, '')
}

/** A whole element with text inside; `tag` carries its prefix (`t:Subject`). */
export function textElement(tag: string, value: string): string {
  return value === '' ? `<${tag}/>` : `<${tag}>${escapeText(value)}</${tag}>`
}

/** A tree as XML, every element under the one prefix (empty = none), the outermost called `tag` if that is given. */
export function writeTree(tree: Tree, prefix: string, tag = prefix ? `${prefix}:${tree.name}` : tree.name): string {
  let head = `<${tag}`
  for (const [name, value] of Object.entries(tree.attributes ?? {})) head += ` ${name}="${escapeAttribute(value)}"`
  if (!tree.children?.length) return `${head}/>`
  let inner = ''
  for (const child of tree.children) inner += typeof child === 'string' ? escapeText(child) : writeTree(child, prefix)
  return `${head}>${inner}</${tag}>`
}
