/** The words of Office Open XML (ISO/IEC 29500) and OpenDocument (ISO/IEC 26300) files. */
import { SaxesParser } from 'saxes'
import { zipEntries } from './zip.ts'

/** Bytes that one document may unpack to. */
const mostUnpacked = 32 * 1024 * 1024
/** After these a word ends. */
const breaks = new Set(['p', 'h', 'si', 'tab', 'br', 's', 'line-break', 'table-cell', 'c', 'row', 'tr', 'tc'])

interface Parts {
  /** The parts of the archive that hold text. */
  names: RegExp
  /** The element whose text counts, by its local name; absent = all. */
  text?: string
}

const word: Parts = { names: /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$/, text: 't' }
const slides: Parts = { names: /^ppt\/(?:slides|notesSlides)\/[^/]+\.xml$/, text: 't' }
const sheets: Parts = { names: /^xl\/(?:sharedStrings\.xml|worksheets\/[^/]+\.xml|comments\d*\.xml)$/, text: 't' }
const openDocument: Parts = { names: /^content\.xml$/ }

const of = (parts: Parts) => (bytes: Uint8Array, most: number) => officeText(bytes, parts, most)
export const wordText = of(word)
export const slidesText = of(slides)
export const sheetsText = of(sheets)
export const openDocumentText = of(openDocument)

/** The text of a document, at most `most` characters. Throws for what is none. */
function officeText(bytes: Uint8Array, { names, text }: Parts, most: number): string {
  const entries = zipEntries(bytes).filter(({ name }) => names.test(name))
  if (entries.length === 0) throw new Error('the archive holds no such document')
  const found: string[] = []
  let [length, left] = [0, mostUnpacked]
  for (const entry of entries) {
    const xml = entry.read(left)
    left -= xml.length
    const part = xmlText(Buffer.from(xml).toString('utf8'), text, most - length)
    found.push(part)
    length += part.length
    if (length >= most || left <= 0) break
  }
  return found.join('\n')
}

function xmlText(xml: string, element: string | undefined, most: number): string {
  const found: string[] = []
  let length = 0
  let within = 0
  const parser = new SaxesParser({ xmlns: false })
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  const add = (text: string) => {
    if (length >= most) return
    found.push(text)
    length += text.length
  }
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a document type is not read')
  })
  parser.on('opentag', ({ name }) => {
    if (local(name) === element) within++
  })
  parser.on('closetag', ({ name }) => {
    if (local(name) === element) within--
    if (breaks.has(local(name))) add(' ')
  })
  parser.on('text', (text) => {
    if (element === undefined || within > 0) add(text)
  })
  parser.write(xml).close()
  return found.join('').slice(0, most)
}
