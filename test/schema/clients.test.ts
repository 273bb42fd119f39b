import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathFromXml } from '#schema'
import { readXml } from '#wire'

const folder = join(import.meta.dirname, '../../../shared/data/clients')

test('every FieldURI that a real client was seen to use is known', { skip: !existsSync(folder) && 'no observations of clients' }, () => {
  const uris = new Set<string>()
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [uri] of text.matchAll(
      /\b(item|message|calendar|meeting|meetingRequest|contacts|task|distributionlist|postitem|folder):[A-Z]\w+/g,
    )) {
      uris.add(uri)
    }
  }
  assert.ok(uris.size > 100)
  // An address is asked for by its parts, never as a whole: [MS-OXWSCONT] 2.2.5.9.
  for (const uri of uris) {
    if (uri === 'contacts:PhysicalAddress') continue
    const element = uri === 'item:InternetMessageHeader' ? 'IndexedFieldURI FieldIndex="X-Mailer"' : 'FieldURI'
    assert.doesNotThrow(() => pathFromXml(readXml(`<${element} FieldURI="${uri}"/>`)), uri)
  }
})
