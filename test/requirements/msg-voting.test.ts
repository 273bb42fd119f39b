import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quickEngines } from '../support/engines.ts'
import { startTestSite } from '../support/site.ts'
import { arrived, all, at, idOf, names, person, text, type Id, type Person } from './person.ts'

/** The stream of [MS-OXOMSG] 4.5: Yes, No and Maybe, each to be asked before it leaves. */
const documented = Buffer.from(
  '0201030000000400000003596573084950' +
    '4d2e4e6f7465000359657300000000' +
    '00000000000100000002000000020000' +
    '0001000000ffffffff04000000024e6f' +
    '0849504d2e4e6f746500024e6f000000' +
    '00000000000001000000020000000200' +
    '000002000000ffffffff04000000054d' +
    '617962650849504d2e4e6f746500054d' +
    '61796265000000000000000000010000' +
    '00020000000200000003000000ffffff' +
    'ff04010359006500730003590065007300' +
    '024e006f00024e006f00054d0061007900' +
    '62006500054d006100790062006500',
  'hex',
)
/** A stream written from the words of [MS-OXOMSG] 2.2.1.74: options by name, verb and behaviour. */
function stream(...options: [name: string, verb: number, behaviour: number][]): Buffer {
  const dword = (value: number) => Buffer.from(new Int32Array([value]).buffer)
  const word = (value: number) => dword(value).subarray(0, 2)
  const counted = (bytes: Buffer, size = 1) => Buffer.concat([Buffer.from([bytes.length / size]), bytes])
  const option = ([name, verb, behaviour]: (typeof options)[number], index: number) => {
    const ansi = counted(Buffer.from(name, 'latin1'))
    const kind = counted(Buffer.from('IPM.Note'))
    const rest = [dword(0), Buffer.from([0]), dword(0), dword(1), dword(behaviour), dword(2), dword(index + 1), dword(-1)]
    return Buffer.concat([dword(verb), ansi, kind, counted(Buffer.alloc(0)), ansi, ...rest])
  }
  const extra = ([name]: (typeof options)[number]) => Buffer.concat([0, 1].map(() => counted(Buffer.from(name, 'utf16le'), 2)))
  return Buffer.concat([word(0x0102), dword(options.length), ...options.map(option), word(0x0104), ...options.map(extra)])
}
const property = (id: number, type: string, value: string) =>
  `<t:ExtendedProperty><t:ExtendedFieldURI DistinguishedPropertySetId="Common" PropertyId="${id}" PropertyType="${type}"/><t:Value>${value}</t:Value></t:ExtendedProperty>`
const asks = (bytes: Buffer) => property(0x8520, 'Binary', bytes.toString('base64'))
const votes = (vote: string) => property(0x8524, 'String', vote)
const to = (who: string) => `<t:ToRecipients><t:Mailbox><t:EmailAddress>${who}@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>`
const voting = async (who: Person, id: Id) =>
  at(await who.get(id, { shape: 'IdOnly', fields: ['message:VotingInformation'] }), 'VotingInformation')
const options = async (who: Person, id: Id) =>
  all(await voting(who, id), 'UserOptions/VotingOptionData').map((one) => [text(one, 'DisplayName'), text(one, 'SendPrompt')])

for (const engine of quickEngines) {
  test(`voting buttons and votes (${engine.name}): MS-OXWSMSG_R73005 _R313 _R314 _R317 _R331 _R332 _R335 _R337 _R338 _R339 _R342 _R344 _R346 _R347 _R349 _R350 _R351 _R363 _R369 _R371 _R375`, async () => {
    await using site = await startTestSite({ engine })
    const mary = person(site)
    const rob = person(site, 'rob')
    const draft = await mary.create(`<t:Message><t:Subject>lunch?</t:Subject>${asks(documented)}${to('rob')}</t:Message>`)
    const documentedOptions = ['Yes', 'No', 'Maybe'].map((name) => [name, 'VotingOption'])
    assert.deepEqual(await options(mary, draft), documentedOptions)
    assert.deepEqual(names(await voting(mary, draft)), ['UserOptions'])
    await mary.done(
      `<m:SendItem SaveItemToFolder="true"><m:ItemIds><t:ItemId Id="${draft.Id}" ChangeKey="${draft.ChangeKey}"/></m:ItemIds></m:SendItem>`,
    )
    const received = idOf(await arrived(site, 'rob', 'lunch?'))
    assert.deepEqual(await options(rob, received), documentedOptions, 'as it came')
    const vote = `<t:Message><t:Subject>Käse: lunch?</t:Subject>${votes('Käse')}${to('mary')}</t:Message>`
    await rob.done(rob.createXml(vote, { disposition: 'SendAndSaveCopy' }))
    const answer = await voting(mary, idOf(await arrived(site, 'mary', 'Käse: lunch?')))
    assert.deepEqual([names(answer), text(answer, 'VotingResponse')], [['VotingResponse'], 'Käse'])
    const every = stream(['Reply', 102, 2], ['Ja', 4, 1], ['Größe 漢', 4, 2], ['Weiß nicht', 4, 7])
    const other = await mary.create(`<t:Message><t:Subject>x</t:Subject>${asks(every)}${votes('Ja')}</t:Message>`)
    assert.deepEqual(await options(mary, other), [
      ['Ja', 'Send'],
      ['Größe 漢', 'VotingOption'],
      ['Weiß nicht', 'None'],
    ])
    assert.equal(text(await voting(mary, other), 'VotingResponse'), 'Ja')
  })
}

test('mail without votes, and streams that are none: MS-OXWSMSG_R73005 _R335', async () => {
  await using site = await startTestSite()
  const mary = person(site)
  const plain = await mary.create('<t:Message><t:Subject>x</t:Subject></t:Message>')
  assert.equal(await voting(mary, plain), undefined)
  const huge = Buffer.concat([Buffer.from('0201ffffffff', 'hex'), Buffer.alloc(1000)])
  for (const bytes of [documented.subarray(0, 60), documented.subarray(0, -3), huge, Buffer.from('hello'), Buffer.alloc(1), stream()]) {
    assert.equal(
      await voting(mary, await mary.create(`<t:Message>${asks(bytes)}</t:Message>`)),
      undefined,
      bytes.toString('hex').slice(0, 40),
    )
  }
  const mime = (value: string) =>
    Buffer.from(`From: a@fabrikam.com\r\nSubject: x\r\nIsthmus-Voting-Options: ${value}\r\n\r\nhi\r\n`).toString('base64')
  const fromMime = (value: string) => mary.create(`<t:Message><t:MimeContent>${mime(value)}</t:MimeContent></t:Message>`)
  assert.equal((await options(mary, await fromMime(documented.toString('base64')))).length, 3)
  assert.equal(await voting(mary, await fromMime('!!!')), undefined)
  assert.equal(await voting(mary, await fromMime(huge.toString('base64'))), undefined)
})
