/**
 * 500 messages of the shared corpus (repeated as needed) go in by SMTP and come out by MimeContent. Delivery puts its own lines
 * (Return-Path, Received) in front ([RFC 5321] 4.4); what follows them is what was sent, byte for byte. Line ends: SMTP carries CRLF,
 * so messages are sent with CRLF and a final line break.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { connectRaw, idsOf, succeeded, textsOf, type RawEws } from '../clients/raw-ews.ts'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { startPeerSite } from '../clients/peer-site.ts'
import { until } from '../clients/until.ts'
import { corpus } from '../fuzz/corpus.ts'

const wanted = 500

/** As SMTP carries it: CRLF everywhere and at the end. */
function overSmtp(message: Buffer): Buffer {
  const text = message.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(text.endsWith('\r\n') ? text : text + '\r\n', 'latin1')
}

async function inboxIds(ews: RawEws): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const answer = succeeded(
      await ews.call(
        `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:IndexedPageItemView MaxEntriesReturned="500" Offset="${ids.length}" BasePoint="Beginning"/>` +
          '<m:ParentFolderIds><t:DistinguishedFolderId Id="inbox"/></m:ParentFolderIds></m:FindItem>',
      ),
    )
    ids.push(...idsOf(answer))
    if (/IncludesLastItemInRange="true"/.test(answer)) return ids
  }
}

test(
  `${wanted} messages come out as they went in`,
  { skip: existsSync(join(import.meta.dirname, '../../../shared/data')) ? false : 'the shared test data is not here' },
  async () => {
    const messages = corpus('mail', []).map(overSmtp)
    assert.ok(messages.length > 50)
    const site = await startPeerSite()
    const ews = connectRaw({ url: site.ews, ca: site.ca, user: site.ann, password: site.password })
    try {
      const before = new Set(await inboxIds(ews))
      const sent = new Map<string, number>()
      const smtp = await connectSmtp(site.smtpPort)
      for (let count = 0; count < wanted; count++) {
        const message = messages[count % messages.length] ?? Buffer.alloc(0)
        await smtp.send('corpus@example.com', [site.ann], message)
        sent.set(message.toString('latin1'), (sent.get(message.toString('latin1')) ?? 0) + 1)
      }
      smtp.close()
      const ids = await until(
        `${wanted} messages in the inbox`,
        async () => {
          const now = (await inboxIds(ews)).filter((id) => !before.has(id))
          return now.length >= wanted ? now : undefined
        },
        60,
      )
      assert.equal(ids.length, wanted)
      for (let at = 0; at < ids.length; at += 50) {
        const items = ids.slice(at, at + 50).map((id) => `<t:ItemId Id="${id}"/>`)
        const answer = succeeded(
          await ews.call(
            `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent></m:ItemShape><m:ItemIds>${items.join('')}</m:ItemIds></m:GetItem>`,
          ),
        )
        for (const content of textsOf(answer, 't:MimeContent')) {
          const mime = Buffer.from(content, 'base64').toString('latin1')
          const original = [...sent.keys()].find((message) => mime.endsWith(message) && isTrace(mime.slice(0, -message.length)))
          assert.ok(original !== undefined, `changed on the way:\n${mime.slice(0, 1500)}`)
          const left = (sent.get(original) ?? 0) - 1
          assert.ok(left >= 0, 'came twice')
          sent.set(original, left)
        }
      }
      assert.deepEqual(
        [...sent.values()].filter((left) => left !== 0),
        [],
      )
    } finally {
      ews.close()
      await site.close()
    }
  },
)

/** Nothing but the header fields that delivery adds in front. */
function isTrace(text: string): boolean {
  return /^(?:(?:Return-Path|Received|X-[\w-]+|Authentication-Results|Received-SPF):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*$/i.test(text)
}
