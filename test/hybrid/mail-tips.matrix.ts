import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LookupTrace } from '#hybrid'
import { answersValid } from '../support/answers-valid.ts'
import { quickEngines } from '../support/engines.ts'
import { connectSites, names, startHybridSites, type HybridSites } from '../support/hybrid-sites.ts'
import { testPassword } from '../support/site.ts'
import { personOf } from './ask.ts'
import { askTips, type AskedTips, type Told } from './home-client.ts'
import { askBy, directions, endsOf, serviceAccounts, type Direction } from './routes.ts'
import { startStranger } from './stranger.ts'

const bytes = 36 * 1024 * 1024
const online = (alias: string) => `${alias}@${names.online.domain}`
/** Domain of a third organisation. */
const partner = 'partner.example'
/** A contact of each side whose mail leaves both. */
const outsider = { address: 'bob@fabrikam.example', displayName: 'Bob', kind: 'contact' } as const
/** A group of each side. The other one knows of no such group, or of a contact in its place. */
const groups = {
  onPremises: {
    address: 'staff@contoso.com',
    displayName: 'Ours',
    kind: 'group',
    groupMembers: ['mary@contoso.com', 'rob@contoso.com', outsider.address],
  },
  online: {
    address: online('ours'),
    displayName: 'Ours',
    kind: 'group',
    groupMembers: ['joe@contoso.com', online('zoe'), outsider.address],
  },
} as const
const staffThere = { address: 'staff@contoso.com', displayName: 'Ours', kind: 'contact', externalAddress: 'staff@contoso.com' } as const
/** A mailbox that mary may send as, and that the other side does not know. */
const shared = { address: 'desk@contoso.com', displayName: 'Desk', kind: 'shared', rights: { sendAs: ['mary@contoso.com'] } } as const

const usual = ['Away: ', 'Has room', '1 people', '0 outside', `${bytes} bytes`, 'Open']
const told = (...tips: string[]): Told => ({ code: 'NoError', tips })
const refused = (code: string): Told => ({ code, tips: [] })

type Input = Parameters<typeof startHybridSites>[0]
const startApart = (engine: (typeof quickEngines)[number], more: Input = {}): Promise<HybridSites> =>
  startHybridSites({
    engine,
    people: {
      onPremises: [serviceAccounts.onPremises, outsider, groups.onPremises, shared].map((one) => structuredClone(one) as never),
      online: [serviceAccounts.online, outsider, groups.online, staffThere].map((one) => structuredClone(one) as never),
    },
    ...more,
  })

async function startSites(engine: (typeof quickEngines)[number], more?: Input): Promise<HybridSites> {
  const sites = await startApart(engine, more)
  await connectSites(sites)
  return sites
}

/** The people of a direction: who is asked about there, the other one there, and the other one here. */
function peopleOf(direction: Direction) {
  return direction === 'to online'
    ? { target: 'joe@contoso.com', other: online('zoe'), group: online('ours'), neighbour: 'rob@contoso.com', nobody: online('nobody') }
    : {
        target: 'mary@contoso.com',
        other: 'rob@contoso.com',
        group: 'staff@contoso.com',
        neighbour: online('zoe'),
        nobody: 'nobody@contoso.com',
      }
}

/** Somebody goes away, with a text for colleagues and one for others. */
async function goAway(sites: HybridSites, address: string): Promise<void> {
  const { site, recipient, caller } = await personOf(sites, address.split('@')[0] ?? '')
  await site.mailboxes.saveSettings(caller, recipient.mailbox, {
    outOfOffice: {
      state: 'Enabled',
      externalAudience: 'All',
      internalReply: { message: 'At the lake' },
      externalReply: { message: 'Not here' },
    },
  })
}

async function fillUp(sites: HybridSites, address: string): Promise<void> {
  const { site, recipient, caller } = await personOf(sites, address.split('@')[0] ?? '')
  await site.mailboxes.saveSettings(caller, recipient.mailbox, { quota: 0 })
}

const lastTrace = ({ site }: { site: HybridSites['online'] }): LookupTrace => {
  const [trace] = site.hybrid.traces.list(site.organisation.id, 1)
  assert.ok(trace)
  return trace
}

for (const engine of quickEngines) {
  describe(`MailTips across premises (${engine.name})`, async () => {
    for (const direction of directions) {
      test(`by every generation ${direction}`, async (t) => {
        const answers = answersValid()
        await using sites = await startSites(engine, { around: (_place, route) => answers.around(route) })
        const { target, other } = peopleOf(direction)
        await goAway(sites, target)
        await fillUp(sites, other)
        for (const generation of ['OAuth', 'DAuth', 'CrossForest'] as const) {
          await t.test(generation, async () => {
            await askBy(sites, direction, generation)
            await answersInOrder(sites, direction, generation)
          })
        }
        await t.test('CrossForest as the person', async () => {
          await askBy(sites, direction, 'CrossForest', 'PerUserFB')
          await answersInOrder(sites, direction, 'CrossForest')
        })
        answers.settle()
      })

      test(`the relationship says how much ${direction}`, async () => {
        await using sites = await startSites(engine)
        await goAway(sites, peopleOf(direction).target)
        await fillUp(sites, peopleOf(direction).other)
        await askBy(sites, direction, 'DAuth')
        await obeysLevels(sites, direction)
        await obeysScope(sites, direction)
      })
    }

    test('both sides have their say about a recipient', async () => {
      await using sites = await startSites(engine)
      await bothHaveTheirSay(sites)
    })

    test('one that is dead or silent spoils nobody else’s answer', async () => {
      await using sites = await startApart(engine, { deadline: 700, allow: [`mail.${partner}`] })
      await spoilsNobody(sites)
    })

    test('another server’s answer is taken as far as it goes', async () => {
      await using sites = await startApart(engine, { allow: [`mail.${partner}`] })
      await takesWhatItGets(sites)
    })
  })
}

/** People here, there, nowhere and of nobody mixed: the answers come in the order of the question, those there in one request. */
async function answersInOrder(sites: HybridSites, direction: Direction, generation: string): Promise<void> {
  const { from, to, asker } = endsOf(sites, direction)
  const { target, other, group, neighbour, nobody } = peopleOf(direction)
  const wanted: [string, Told][] = [
    [neighbour, told(...usual)],
    [target, told('Away: At the lake', ...usual.slice(1))],
    ['ann@elsewhere.example', told('1 people', '1 outside', `${bytes} bytes`, 'Open')],
    [group, told('3 people', '1 outside', `${bytes} bytes`, 'Open')],
    ['', refused('ErrorMissingEmailAddress')],
    [other, told('Away: ', 'Full', ...usual.slice(2))],
    [target, told('Away: At the lake', ...usual.slice(1))],
    [nobody, told(`${bytes} bytes`, 'Open', 'Invalid')],
  ]
  const seen = await askTips(from.site, asker.address, wanted.map(([address]) => address)) // prettier-ignore
  assert.deepEqual(seen, wanted.map(([, answer]) => answer)) // prettier-ignore
  const trace = lastTrace(from)
  assert.deepEqual([trace.what, trace.role], ['mailTips', 'asked'])
  assert.deepEqual(trace.outcomes.map(({ address }) => address), wanted.map(([address]) => address)) // prettier-ignore
  assert.match(trace.outcomes[1]?.view ?? '', /OutOfOfficeMessage MailboxFullStatus/)
  const away = trace.branches.filter((branch) => branch.generation !== 'local')
  assert.deepEqual(away.map((branch) => [branch.generation, branch.people.length]), [[generation, direction === 'to online' ? 5 : 4]]) // prettier-ignore
  assert.equal(away[0]?.hops.filter(({ what }) => what.startsWith('ask EWS for the MailTips of')).length, 1)
  const answered = lastTrace(to)
  assert.deepEqual([answered.what, answered.role], ['mailTips', 'answered'])
  assert.match(answered.branches[0]?.hops[0]?.what ?? '', new RegExp(`^${generation}: the request was taken`))
}

/** (b): what the relationship on the answering side gives, and that the asking side's must be for MailTips. */
async function obeysLevels(sites: HybridSites, direction: Direction): Promise<void> {
  const { from, to, asker } = endsOf(sites, direction)
  const { target, other, group, neighbour } = peopleOf(direction)
  const set = (end: typeof to, change: Record<string, unknown>) =>
    end.side.invoke('Set-OrganizationRelationship', { Identity: end.relationship, ...change })
  const ask = (more?: AskedTips) => askTips(from.site, asker.address, [target, neighbour, other, group], more)
  const here = told(...usual)
  // Limited: what keeps a message from being refused, and the reply for others.
  const some = [`${bytes} bytes`, 'Open']
  await set(to, { MailTipsAccessLevel: 'Limited' })
  assert.deepEqual(await ask(), [told('Away: Not here', ...some), here, told('Away: ', ...some), told(...some)])
  assert.deepEqual(await ask({ kinds: ['MailboxFullStatus'] }), [told(), told('Has room'), told(), told()])
  const nothing = refused('ErrorMailTipsDisabled')
  await set(to, { MailTipsAccessLevel: 'None' })
  assert.deepEqual(await ask(), [nothing, here, nothing, nothing])
  assert.match(lastTrace(to).outcomes[0]?.cause ?? '', /gives .* no MailTips/)
  await set(to, { MailTipsAccessLevel: 'All', MailTipsAccessEnabled: false })
  assert.deepEqual(await ask(), [nothing, here, nothing, nothing])
  await set(to, { MailTipsAccessEnabled: true })
  await set(from, { MailTipsAccessEnabled: false })
  assert.deepEqual(await ask(), [nothing, here, nothing, nothing])
  const { branches } = lastTrace(from)
  assert.match(JSON.stringify(branches), /is not for MailTips.*Set-OrganizationRelationship -MailTipsAccessEnabled/)
  assert.equal(branches.find(({ generation }) => generation === 'DAuth')?.hops.length, 1, 'nobody was asked')
  await set(from, { MailTipsAccessEnabled: true })
  assert.notDeepEqual(await ask(), [nothing, here, nothing, nothing])
}

/** (b): what is in a mailbox is told of members of the scope's group alone; of groups all is told. */
async function obeysScope(sites: HybridSites, direction: Direction): Promise<void> {
  const { from, to, asker } = endsOf(sites, direction)
  const { target, other, group } = peopleOf(direction)
  const { directory, organisation } = to.site
  const member = await directory.find(target, organisation.id)
  assert.ok(member)
  const scope = await directory.create(organisation.id, {
    kind: 'DistributionGroup',
    alias: 'open',
    displayName: 'Open',
    members: [member.id],
  })
  await to.side.invoke('Set-OrganizationRelationship', { Identity: to.relationship, MailTipsAccessScope: scope.address })
  const ask = () => askTips(from.site, asker.address, [target, other, group])
  const rest = usual.slice(2)
  assert.deepEqual(await ask(), [
    told('Away: At the lake', 'Has room', ...rest),
    told(...rest),
    told('3 people', '1 outside', `${bytes} bytes`, 'Open'),
  ])
  await askBy(sites, direction, 'OAuth')
  assert.deepEqual((await ask())[1], told('Away: ', 'Full', ...rest), 'the scope is the relationship’s, not the connector’s')
}

/** A message passes the asking side's rules and the other's: the stricter holds. */
async function bothHaveTheirSay(sites: HybridSites): Promise<void> {
  const { onPremises, online: there } = sites
  const at = async (site: typeof there, alias: string) => {
    const found = await site.directory.find(alias, site.organisation.id)
    assert.ok(found)
    return found
  }
  const change = async (site: typeof there, alias: string, changes: Record<string, unknown>) =>
    site.directory.update(site.organisation.id, (await at(site, alias)).id, changes)
  const ask = async (more?: AskedTips) => (await askTips(onPremises, 'mary@contoso.com', ['joe@contoso.com'], more))[0]
  await change(there, 'joe', { maxReceiveSize: 5000, mailTip: 'Call me', mailTipTranslations: { de: 'Ruf an' } })
  for (const generation of ['CrossForest', 'DAuth', 'OAuth'] as const) {
    await askBy(sites, 'to online', generation)
    assert.deepEqual(await ask({ kinds: ['MaxMessageSize', 'CustomMailTip'], culture: 'de-AT' }), told('Says: Ruf an', '5000 bytes'))
  }
  await change(onPremises, 'joe', { maxReceiveSize: 4000, mailTip: 'Moved' })
  assert.deepEqual(await ask({ kinds: ['MaxMessageSize', 'CustomMailTip'] }), told('Says: Moved', '4000 bytes'))
  const restricted = () => ask({ kinds: ['DeliveryRestriction'] })
  assert.deepEqual(await restricted(), told('Open'))
  await change(there, 'joe', { acceptMessagesOnlyFrom: [(await at(there, 'zoe')).id] })
  assert.deepEqual(await restricted(), told('Restricted'), 'there')
  await change(there, 'joe', { acceptMessagesOnlyFrom: [(await at(there, 'mary')).id] })
  assert.deepEqual(await restricted(), told('Open'), 'the person who asks is known there')
  await change(onPremises, 'joe', { rejectMessagesFrom: [(await at(onPremises, 'mary')).id] })
  assert.deepEqual(await restricted(), told('Restricted'), 'here')

  const kinds: AskedTips['kinds'] = ['MailboxFullStatus']
  for (const generation of ['OAuth', 'DAuth', 'CrossForest'] as const) {
    await askBy(sites, 'to online', generation)
    assert.deepEqual(await ask({ kinds, sendingAs: shared.address }), told('Has room'), `as a mailbox that only home knows, ${generation}`)
    assert.equal(
      await askTips(onPremises, 'mary@contoso.com', ['joe@contoso.com'], { kinds, sendingAs: 'rob@contoso.com' }),
      'ErrorSendAsDenied',
    )
  }
  const many = Array<string>(101).fill('joe@contoso.com')
  assert.equal(await askTips(onPremises, 'mary@contoso.com', many), 'ErrorExceededFindCountLimit')
}

async function spoilsNobody(sites: HybridSites): Promise<void> {
  const { onPremises, zone } = sites
  await using silent = await startStranger(sites, `mail.${partner}`)
  await connectSites(sites)
  await goAway(sites, 'joe@contoso.com')
  silent.answer = () => undefined
  const { configuration, organisation } = onPremises
  await configuration.create(organisation.id, 'IntraOrganizationConnector', {
    Name: 'Silent',
    TargetAddressDomains: [partner],
    DiscoveryEndpoint: `https://mail.${partner}/autodiscover/autodiscover.svc`,
    Enabled: true,
  })
  const ask = () => askTips(onPremises, 'mary@contoso.com', ['rob@contoso.com', `sam@${partner}`, 'joe@contoso.com'])
  const joe = told('Away: At the lake', ...usual.slice(1))
  assert.deepEqual(await ask(), [told(...usual), refused('ErrorAutoDiscoverFailed'), joe])
  const trace = lastTrace({ site: onPremises })
  assert.deepEqual(trace.outcomes.map(({ code }) => code), ['NoError', 'ErrorAutoDiscoverFailed', 'NoError']) // prettier-ignore
  assert.equal(silent.requests.length, 1, 'it was asked, and did not answer')
  zone.set(names.online.mail, { address: '127.0.0.1', port: 1 })
  onPremises.hybrid.forget()
  const [rob, sam, joeNow] = await ask()
  assert.deepEqual([rob, sam], [told(...usual), refused('ErrorAutoDiscoverFailed')])
  assert.deepEqual(joeNow, refused('ErrorAutoDiscoverFailed'))
}

/** A third organisation, whose people are all outside; its server answers with less, or other things, than was asked for. */
async function takesWhatItGets(sites: HybridSites): Promise<void> {
  await using server = await startStranger(sites, `mail.${partner}`)
  await connectSites(sites)
  const { side, site } = endsOf(sites, 'to online').from
  await side.invoke('Add-AvailabilityAddressSpace', {
    ForestName: partner,
    AccessMethod: 'InternalProxy',
    ProxyUrl: `https://mail.${partner}/EWS/Exchange.asmx`,
    Credentials: { UserName: 'forest', Password: testPassword },
  })
  const answers = (...messages: string[]) => `<m:ResponseMessages>${messages.join('')}</m:ResponseMessages>`
  const message = (tips: string) =>
    `<m:MailTipsResponseMessageType ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:MailTips><t:RecipientAddress/>${tips}</m:MailTips></m:MailTipsResponseMessageType>`
  const failure = (code: string) =>
    `<m:MailTipsResponseMessageType ResponseClass="Error"><m:ResponseCode>${code}</m:ResponseCode></m:MailTipsResponseMessageType>`
  const group = message('<t:PendingMailTips>OutOfOfficeMessage Scope</t:PendingMailTips><t:TotalMemberCount>7</t:TotalMemberCount><t:ExternalMemberCount>2</t:ExternalMemberCount><t:Newer>1</t:Newer>') // prettier-ignore
  const bare = message('<t:PendingMailTips/>')
  const gone = message('<t:PendingMailTips/><t:InvalidRecipient>true</t:InvalidRecipient>')
  const failed = refused('ErrorProxyRequestProcessingFailed')
  const rows: [what: string, answer: string, ...told: Told[]][] = [
    [
      'all are outside',
      answers(group, bare),
      told('Pending OutOfOfficeMessage', '7 people', '7 outside', `${bytes} bytes`),
      told('1 outside', `${bytes} bytes`),
    ],
    ['nobody is', answers(gone, bare), told(`${bytes} bytes`, 'Invalid'), told('1 outside', `${bytes} bytes`)],
    ['one message is missing', answers(bare), told('1 outside', `${bytes} bytes`), failed],
    [
      'codes',
      answers(failure('ErrorMailRecipientNotFound'), bare),
      refused('ErrorMailRecipientNotFound'),
      told('1 outside', `${bytes} bytes`),
    ],
    ['a code that there is not', answers(failure('ErrorNumberOfTheBeast'), bare), failed, failed],
    ['no messages', '', failed, failed],
    ['a page', '<html><body>Welcome</body></html>', failed, failed],
  ]
  for (const [what, body, ...wanted] of rows) {
    const answer = body.startsWith('<html') ? body : soap(`<m:GetMailTipsResponse ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${body}</m:GetMailTipsResponse>`) // prettier-ignore
    server.answer = () => ({ body: answer, headers: { 'content-type': 'text/xml' } })
    assert.deepEqual(await askTips(site, 'mary@contoso.com', [`all@${partner}`, `ann@${partner}`]), wanted, what)
  }
  server.answer = () => ({ body: soap('<m:GetMailTipsResponse ResponseClass="Error"><m:MessageText>Off</m:MessageText><m:ResponseCode>ErrorMailTipsDisabled</m:ResponseCode></m:GetMailTipsResponse>') }) // prettier-ignore
  assert.deepEqual(await askTips(site, 'mary@contoso.com', [`all@${partner}`]), [refused('ErrorMailTipsDisabled')])
  assert.match(JSON.stringify(lastTrace({ site }).branches), /EWS refused the question for MailTips, ErrorMailTipsDisabled: Off/)
  const [first] = server.requests
  assert.match(first?.body ?? '', /<m:SendingAs><t:EmailAddress>mary@contoso.com<.*<m:MailTipsRequested>All</)
  assert.equal(first?.headers.soapaction, '"http://schemas.microsoft.com/exchange/services/2006/messages/GetMailTips"')
}

const soap = (body: string) =>
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"' +
  ` xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><s:Body>${body}</s:Body></s:Envelope>`
