/** The words of files: what can be read of which kind, as a table. */
import { decodeText } from '#wire'
import { wordsOfHtml } from '../items/search-text.ts'
import { openDocumentText, sheetsText, slidesText, wordText } from './office.ts'

export interface FileToRead {
  name: string
  contentType: string
  bytes: Uint8Array
}
/** Text, at most so many characters. Throws for what is damaged. */
type Reader = (bytes: Uint8Array, most: number, contentType: string) => string | Promise<string>

/** Characters that are kept of one file. */
export const longestText = 200_000

const charsetOf = (contentType: string): string => /charset="?([^";\s]+)/i.exec(contentType)?.[1] ?? ''
const plain: Reader = (bytes, most, contentType) => decodeText(bytes.subarray(0, 4 * most), charsetOf(contentType)).slice(0, most)
const html: Reader = (bytes, most, contentType) =>
  wordsOfHtml(decodeText(bytes.subarray(0, 20 * most), charsetOf(contentType))).slice(0, most)

/** The library is large: loaded where it is needed, in the reading process. */
const pdf: Reader = async (bytes, most) => (await import('./pdf.ts')).pdfText(bytes, most)

const unreadable: Reader = () => {
  throw new Error('files of this kind are not read yet')
}

/** By the ending of the name, or the type where the ending says nothing. What is in neither has no text. */
const byEnding: Readonly<Record<string, Reader>> = {
  txt: plain, text: plain, md: plain, csv: plain, tsv: plain, log: plain, json: plain, ics: plain, vcf: plain, eml: plain, ini: plain, yaml: plain, yml: plain,
  htm: html, html: html, xhtml: html, xml: html, svg: html,
  docx: wordText, docm: wordText, dotx: wordText,
  pptx: slidesText, pptm: slidesText, ppsx: slidesText, potx: slidesText,
  xlsx: sheetsText, xlsm: sheetsText, xltx: sheetsText,
  odt: openDocumentText, ods: openDocumentText, odp: openDocumentText, ott: openDocumentText,
  pdf, doc: unreadable, xls: unreadable, ppt: unreadable, rtf: unreadable,
} // prettier-ignore
const byType: readonly (readonly [RegExp, string])[] = [
  [/^text\/x?html|^application\/xhtml/i, 'html'],
  [/^text\/|^application\/json/i, 'txt'],
  [/wordprocessingml/i, 'docx'],
  [/presentationml/i, 'pptx'],
  [/spreadsheetml/i, 'xlsx'],
  [/opendocument\.(?:text|spreadsheet|presentation)/i, 'odt'],
  [/^application\/pdf/i, 'pdf'],
  [/^application\/msword/i, 'doc'],
]

function readerOf({ name, contentType }: Pick<FileToRead, 'name' | 'contentType'>): Reader | undefined {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (Object.hasOwn(byEnding, ending)) return byEnding[ending]
  const known = byType.find(([type]) => type.test(contentType))
  return known && byEnding[known[1]]
}

/** True for a file that may have text. */
export function hasText(file: Pick<FileToRead, 'name' | 'contentType'>): boolean {
  return readerOf(file) !== undefined
}

/** A file's words; none for what has none. Throws for what is damaged or cannot be read. */
export async function textOf(file: FileToRead): Promise<string> {
  return (await readerOf(file)?.(file.bytes, longestText, file.contentType)) ?? ''
}
