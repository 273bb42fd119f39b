/** Text made to be slow to read is read, copied, answered and searched in time proportional to its length. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestSite } from '../support/site.ts'
import { createItem, ews, getItem, itemId, made, named, transfer } from './attack.ts'

const size = 300_000
const repeated = (text: string) => text.repeat(Math.ceil(size / text.length))

const bodies: Record<string, string> = {
  'open brackets': repeated('<'),
  'unclosed bodies': repeated('<body '),
  'an unclosed style in each': repeated('<style '),
  'open styles': repeated('<style>'),
  'open comments': repeated('<!--'),
  'open scripts': `<script>${repeated('</script')}`,
  'a name without end': `<blockquote><${repeated('a')}`,
  'a name without end, then a quotation': `<${repeated('a')}<blockquote>`,
  'unfinished tags, then a quotation': `${repeated('<a b')}<blockquote>`,
  'deep elements': repeated('<div>'),
  'closing bodies': `<body>${repeated('</body ')}`,
  'closing tags of nothing': `${repeated('<i>').slice(0, size / 2)}${repeated('</b>')}<blockquote>`,
  'closing tags of others': repeated('<b>x</i>'),
  entities: repeated('&amp'),
  'quotes in attributes': repeated('<a b="'),
  'pictures of which nothing is left': `${'a'.repeat(700_000)}${'<img>'.repeat(20_000)}`,
  'broken rules': repeated('<hr id=stopSpellin'),
}
const texts: Record<string, string> = {
  'blank underlines': repeated(`${'_'.repeat(20)}${' '.repeat(300)}x\n`),
  underlines: repeated('_'),
  'quotations that are none': repeated(`On ${'x'.repeat(250)}\n${'y'.repeat(190)}\n`),
  'On On On': repeated('On '),
  'from lines': repeated(`From: ${'x'.repeat(480)}\n`),
  spaces: repeated(' '),
  dashes: repeated('-'),
}
const subjects: Record<string, string> = {
  prefixes: `${repeated('re: ')}`,
  'a prefix and spaces': `re${repeated(' ')}x`,
  'numbered prefixes': repeated('re[1] '),
}
/** Header fields of a message, by what is slow about them. */
const headers: Record<string, string> = {
  'encoded words': `Subject: ${repeated('=?utf-8?q?a').slice(0, 100_000)}`,
  'encoded words without end': `Subject: ${repeated('=?a').slice(0, 100_000)}`,
  'open quotes in addresses': `Cc: ${repeated('"a').slice(0, 100_000)}`,
  'open comments in addresses': `Cc: ${repeated('(').slice(0, 100_000)}`,
  'nested groups': `Cc: ${repeated('a:').slice(0, 100_000)}`,
  'many addresses': `Cc: ${repeated('a@b,').slice(0, 100_000)}`,
  'parameters without end': `Content-Type: text/plain; ${repeated('a="').slice(0, 100_000)}`,
  'parameters in pieces': `Content-Type: text/plain; ${Array.from({ length: 4000 }, (_, n) => `a*${n}*=x;`).join('')}`,
  references: `References: ${repeated('<').slice(0, 100_000)}`,
  'a long date': `Date: ${repeated('1 Jan ').slice(0, 100_000)}`,
  folded: `X-Folded: ${repeated('\r\n ').slice(0, 100_000)}x`,
  'many fields': Array.from({ length: 20_000 }, (_, n) => `X-${n}: y`).join('\r\n'),
}

test('bodies, subjects and headers that are slow to read do not hold up the server', { timeout: 60_000 }, async (t) => {
  await using site = await startTestSite()
  const messages: [name: string, message: string][] = [
    ...Object.entries(bodies).map(([name, body]): [string, string] => [name, `Subject: s\r\nContent-Type: text/html\r\n\r\n${body}`]),
    ...Object.entries(texts).map(([name, body]): [string, string] => [name, `Subject: s\r\n\r\n${body}`]),
    ...Object.entries(subjects).map(([name, subject]): [string, string] => [name, `Subject: ${subject}\r\n\r\nx`]),
    ...Object.entries(headers).map(([name, header]): [string, string] => [name, `${header}\r\n\r\nx`]),
  ]
  const slow: string[] = []
  for (const [name, message] of messages) {
    const began = performance.now()
    const step = async (what: string, run: () => Promise<unknown>) => {
      const from = performance.now()
      await run()
      const took = performance.now() - from
      // Far above what a busy machine needs for it, far below a megabyte read in quadratic time.
      if (took > 5000) slow.push(`${name}: ${what}: ${Math.round(took)} ms`)
    }
    let id = ''
    await step('made', async () => {
      id = await made(
        site,
        'mary',
        createItem(named('inbox'), `<t:Message><t:MimeContent>${Buffer.from(message).toString('base64')}</t:MimeContent></t:Message>`),
      )
    })
    const derived = ['UniqueBody', 'NormalizedBody', 'TextBody', 'Preview']
      .map((field) => `<t:FieldURI FieldURI="item:${field}"/>`)
      .join('')
    await step('read', () =>
      ews(
        site,
        'mary',
        getItem(
          [id],
          'AllProperties',
          `<t:FilterHtmlContent>true</t:FilterHtmlContent><t:BlockExternalImages>true</t:BlockExternalImages><t:AdditionalProperties>${derived}</t:AdditionalProperties>`,
        ),
      ),
    )
    await step('copied', () => ews(site, 'mary', transfer('Copy', 'Item', named('drafts'), itemId(id))))
    await step('answered', () =>
      ews(
        site,
        'mary',
        createItem(
          '',
          `<t:ReplyToItem><t:ReferenceItemId Id="${id}"/><t:NewBodyContent BodyType="HTML">${'&lt;body&gt;hello'}</t:NewBodyContent></t:ReplyToItem>`,
        ),
      ),
    )
    t.diagnostic(`${name}: ${Math.round(performance.now() - began)} ms`)
  }
  assert.deepEqual(slow, [])
})
