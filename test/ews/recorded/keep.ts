/**
 * Picks from what a client said (ISTHMUS_RECORD_EWS, test/support/recording.ts) what is characteristic of it, and writes it as `CLIENT/NNN-Operation.xml`:
 * `node test/ews/recorded/keep.ts RECORDED-FOLDER CLIENT USER-AGENT-PATTERN`. Ids become placeholders that `recorded.test.ts` fills.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Recorded } from '../../support/recording.ts'

/** So many shapes of one operation, and none longer than this. */
const shapes = 3
const longest = 12_000
/** A stream does not end, and an upload is all id. */
const left = new Set(['GetStreamingEvents', 'UploadItems'])

const [folder = '', client = '', agent = ''] = process.argv.slice(2)
const recorded = readdirSync(folder)
  .sort()
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded)
const kinds = new Map<string, string>()
for (const { answer = '' } of recorded)
  for (const [, kind = '', inside = ''] of answer.matchAll(
    /<t:(\w+)>(?:<t:MimeContent[^]*?<\/t:MimeContent>)?<t:(?:ItemId|FolderId)( [^>]*)>/g,
  )) {
    const id = / Id="([^"]+)"/.exec(inside)?.[1]
    if (id && !kinds.has(id)) kinds.set(id, kind)
  }

/** Ids, states and the like by names. */
function withPlaceholders(request: string): string {
  return request
    .replaceAll(
      /<([\w:-]+)((?: [^<>]*)?) (Id|RecurringMasterId)="([A-Za-z0-9+/=]{60,})"([^<>]*)>/g,
      (_, tag: string, before: string, name: string, id: string, after: string) => {
        const kind = /Attachment/.test(tag)
          ? 'Attachment'
          : name === 'RecurringMasterId'
            ? 'Series'
            : (kinds.get(id) ?? (/Folder/.test(tag) ? 'Folder' : 'Message'))
        return `<${tag}${before} ${name}="{${kind}}"${after.replace(/ChangeKey="[^"]*"/, `ChangeKey="{${kind}.ChangeKey}"`)}>`
      },
    )
    .replaceAll(/(<[\w:-]*ToFolderId>\s*<[\w:-]*FolderId Id="\{)\w+/g, '$1TargetFolder')
    .replaceAll(/(<[\w:-]*SyncState>)[^<]+/g, '$1{SyncState}')
    .replaceAll(/(<[\w:-]*SubscriptionId>)[^<]+/g, '$1{SubscriptionId}')
    .replaceAll(/(<[\w:-]*Watermark>)[^<]+/g, '$1{Watermark}')
}

const seen = new Map<string, Set<string>>()
mkdirSync(join(import.meta.dirname, client), { recursive: true })
let count = 0
for (const { operation, request, agent: asked } of recorded) {
  if (!new RegExp(agent).test(asked) || left.has(operation) || request.length > longest) continue
  const shape = [...request.matchAll(/<[\w:-]+|(?:FieldURI|PropertyTag|Traversal|Disposition)="[^"]*"/g)].join(' ')
  const known = seen.get(operation) ?? seen.set(operation, new Set()).get(operation)!
  if (known.has(shape) || known.size >= shapes) continue
  known.add(shape)
  writeFileSync(join(import.meta.dirname, client, `${String(++count).padStart(3, '0')}-${operation}.xml`), withPlaceholders(request))
}
