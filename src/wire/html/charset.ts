/** How far into HTML its head is looked for. */
const head = 8192
const named = /(<meta\b[^>]{0,300}?charset\s{0,8}=\s{0,8}["']?)([\w.:-]{1,60})(?=[\s"';/>])/gi

/** HTML whose head names UTF-8, whatever code page it came in ([MS-OXWSCDATA] 2.2.4.44 ConvertHtmlCodePageToUTF8). */
export function namedUtf8(html: string): string {
  if (!/charset/i.test(html.slice(0, head))) return html
  return html.slice(0, head).replaceAll(named, '$1utf-8') + html.slice(head)
}
