import type { ConfigurationChanges } from '#directory'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Recipient } from '#directory'
import { mailTipKinds, type MailTipKind, type MailTips, type MailTipsOptions, type OutOfOffice } from '#mailbox'
import { Refusal, systemCaller, type Caller, type Partner } from '#model'
import { quickEngines } from '../support/engines.ts'
import { people, refusal, type People } from './people.ts'

const outside = 'bob@fabrikam.com'

/** Bob of Fabrikam, as far as the relationship with his organisation lets him. */
function partner(organisation: string, mailTips: Partner['mailTips'], more: Partial<Partner> = {}): Caller {
  const who: Partner = { address: outside, domain: 'fabrikam.com', by: 'Fabrikam', freeBusy: 'None', mailTips, ...more }
  return { kind: 'partner', organisation, recipient: '', groups: [], address: who.address, name: 'Bob', partner: who }
}

async function ask(
  { mailboxes }: People,
  caller: Caller,
  recipients: string[],
  wanted: readonly MailTipKind[] = mailTipKinds,
  options?: MailTipsOptions,
): Promise<MailTips[]> {
  const outcomes = await mailboxes.mailTips(caller, recipients, wanted, options)
  return outcomes.map((outcome) => {
    if (outcome instanceof Refusal) throw outcome
    return outcome
  })
}

async function askOne(site: People, caller: Caller, recipient: string, options?: MailTipsOptions): Promise<MailTips> {
  const [tips] = await ask(site, caller, [recipient], mailTipKinds, options)
  assert.ok(tips)
  return tips
}

const group = ({ directory, organisation }: People, alias: string, members: string[], more: Partial<Recipient> = {}) =>
  directory.create(organisation, { kind: 'DistributionGroup', alias, displayName: alias, members, ...more })

const change = ({ directory, organisation }: People, { id }: Recipient, changes: Partial<Recipient>) =>
  directory.update(organisation, id, changes)

/** One of the other side's people may be known here by an address of a shared domain; somebody with a mailbox here is nobody of theirs. */
async function namesWhoIsTheirs(site: People): Promise<void> {
  const { directory, organisation, ann } = site
  await directory.create(organisation, {
    kind: 'MailUser',
    alias: 'ray',
    address: 'ray@contoso.com',
    displayName: 'Ray',
    externalAddress: 'ray@fabrikam.com',
  })
  const isOpen = async (caller: Caller, sendingAs: string) =>
    (await ask(site, caller, ['ann@contoso.com'], ['DeliveryRestriction'], { sendingAs }))[0]?.deliveryRestricted === false
  const ofFabrikam = partner(organisation, 'All')
  assert.ok(await isOpen(ofFabrikam, 'Ray@contoso.com'))
  const claims = { account: 'forest@contoso.com' }
  const forest: Caller = { ...ofFabrikam, via: { generation: 'CrossForest', by: 'AvailabilityConfig', claims } }
  const vouched: Caller = { ...ann.caller, via: { generation: 'OAuth', by: 'Exchange Online', claims: {} } }
  for (const caller of [forest, vouched]) assert.ok(await isOpen(caller, 'desk@elsewhere.example'), 'as somebody whom nobody here knows')
  for (const caller of [ofFabrikam, forest, vouched]) {
    await assert.rejects(isOpen(caller, 'mary@contoso.com'), refusal('SendAsDenied'))
  }
}

for (const engine of quickEngines) {
  test(`an automatic reply is told to whom it is for, while it holds ([MS-OXWOOF] 2.2.4.3, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, mary, rob, organisation, clock } = site
    const set = (outOfOffice: OutOfOffice) => mailboxes.saveSettings(rob.caller, rob.mailbox, { outOfOffice })
    const replyTo = async (caller: Caller) => (await askOne(site, caller, 'rob@contoso.com')).outOfOffice
    assert.deepEqual(await replyTo(mary.caller), {}, 'nothing was ever set')
    const texts = { internalReply: { message: 'At the lake', language: 'en' }, externalReply: { message: 'Away' } }
    await set({ state: 'Enabled', externalAudience: 'All', ...texts })
    assert.deepEqual(await replyTo(mary.caller), { reply: { message: 'At the lake', language: 'en' } })
    const all = partner(organisation, 'All')
    assert.deepEqual(await replyTo(all), { reply: { message: 'Away' } })
    const sameOrganisation = { address: 'ray@contoso.com', domain: 'contoso.com' }
    assert.equal((await replyTo(partner(organisation, 'All', sameOrganisation)))?.reply?.message, 'At the lake')
    assert.equal((await replyTo(partner(organisation, 'Limited', sameOrganisation)))?.reply?.message, 'Away')

    await set({ state: 'Enabled', externalAudience: 'None', ...texts })
    assert.deepEqual(await replyTo(all), {})
    await set({ state: 'Enabled', externalAudience: 'Known', ...texts })
    const contact = (address: string) => ({
      kind: 'contact' as const,
      properties: { displayName: 'Bob', emailAddresses: { EmailAddress1: { address } } },
    })
    await mailboxes.createItem(rob.caller, { mailbox: rob.mailbox, kind: 'contacts' }, contact('bob@fabrikam.com.example.org'))
    assert.deepEqual(await replyTo(all), {}, 'an address that only begins alike is somebody else')
    await mailboxes.createItem(rob.caller, { mailbox: rob.mailbox, kind: 'contacts' }, contact('Bob@Fabrikam.com'))
    assert.equal((await replyTo(all))?.reply?.message, 'Away')

    const start = clock.now + 3_600_000
    const end = start + 3_600_000
    await set({ state: 'Scheduled', externalAudience: 'All', start, end, ...texts })
    assert.deepEqual(await replyTo(mary.caller), {})
    clock.now = start
    assert.deepEqual(await replyTo(mary.caller), { reply: texts.internalReply, start, end })
    clock.now = end
    assert.deepEqual(await replyTo(mary.caller), {})
    await set({ state: 'Disabled', externalAudience: 'All', ...texts })
    assert.deepEqual(await replyTo(mary.caller), {})
  })

  test(`each recipient has its own outcome, in order ([MS-OXWMT] 3.1.4.1, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, directory, organisation, mary, rob, ann } = site
    await directory.addAcceptedDomain({ organisation, domain: 'relay.contoso.com', type: 'InternalRelay' })
    await change(site, rob.recipient, { mailTip: 'Call me', mailTipTranslations: { de: 'Ruf an', 'pt-BR': 'Ligue' }, maxReceiveSize: 5000 })
    const [first, missing, unknown] = await mailboxes.mailTips(mary.caller, ['rob@contoso.com', ' ', 'gone@contoso.com'], mailTipKinds)
    assert.deepEqual(first, {
      address: 'rob@contoso.com',
      pending: [],
      outOfOffice: {},
      mailboxFull: false,
      customMailTip: 'Call me',
      totalMemberCount: 1,
      externalMemberCount: 0,
      maxMessageSize: 5000,
      deliveryRestricted: false,
      isModerated: false,
      invalidRecipient: false,
    })
    assert.ok(missing instanceof Refusal && missing.code === 'MissingEmailAddress')
    assert.ok(unknown && !(unknown instanceof Refusal))
    assert.equal(unknown.invalidRecipient, true)
    assert.equal(unknown.totalMemberCount, undefined)

    const identities = ['no address', 'x@relay.contoso.com', outside, rob.recipient.legacyExchangeDn]
    const [nonsense, relayed, stranger, legacy] = await ask(site, mary.caller, identities)
    assert.equal(nonsense?.invalidRecipient, true)
    assert.deepEqual([relayed?.invalidRecipient, relayed?.externalMemberCount], [false, 0], 'another server may know it')
    assert.deepEqual([stranger?.invalidRecipient, stranger?.externalMemberCount], [false, 1])
    assert.equal(stranger?.maxMessageSize, 36 * 1024 * 1024)
    assert.equal(legacy?.customMailTip, 'Call me')

    for (const [culture, text] of [
      ['de-AT', 'Ruf an'],
      ['pt-br', 'Ligue'],
      ['fr', 'Call me'],
    ] as const)
      // prettier-ignore
      assert.equal((await askOne(site, mary.caller, 'rob@contoso.com', { culture })).customMailTip, text)
    const size = await askOne(site, mary.caller, 'ann@contoso.com')
    assert.deepEqual([size.customMailTip, size.maxMessageSize], [undefined, 36 * 1024 * 1024])
    await change(site, ann.recipient, { maxReceiveSize: 2 ** 40 })
    assert.equal((await askOne(site, mary.caller, 'ann@contoso.com')).maxMessageSize, 36 * 1024 * 1024, 'the transport takes no more')

    assert.deepEqual(await ask(site, mary.caller, ['rob@contoso.com'], ['MaxMessageSize']), [
      { address: 'rob@contoso.com', pending: [], maxMessageSize: 5000 },
    ])
    assert.deepEqual(await mailboxes.mailTips(mary.caller, [], mailTipKinds), [])
    const many = (count: number) => mailboxes.mailTips(mary.caller, Array<string>(count).fill('rob@contoso.com'), ['InvalidRecipient'])
    assert.equal((await many(100)).length, 100)
    await assert.rejects(many(101), refusal('ExceededFindCountLimit'))
  })

  test(`a mailbox is full when delivery has no room left, never without a quota (${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, store, mary, rob } = site
    const isFull = async () => (await askOne(site, mary.caller, 'rob@contoso.com')).mailboxFull
    await mailboxes.createItem(rob.caller, { mailbox: rob.mailbox, kind: 'inbox' }, { kind: 'message', properties: { subject: 'x' } })
    assert.equal(await isFull(), false)
    const size = (await store.read((tx) => tx.mailboxes.get(rob.mailbox)))?.size ?? 0
    await mailboxes.saveSettings(rob.caller, rob.mailbox, { quota: size + 1 })
    assert.equal(await isFull(), false)
    await mailboxes.saveSettings(rob.caller, rob.mailbox, { quota: size })
    assert.equal(await isFull(), true)
  })

  test(`members are counted once, nested groups opened, within bounds (${engine.name})`, async () => {
    await using site = await people(engine)
    const { directory, store, organisation, mary, rob, ann } = site
    const contact = (alias: string, more: Partial<Recipient> = {}) =>
      directory.create(organisation, {
        kind: 'MailContact',
        alias,
        displayName: alias,
        externalAddress: `${alias}@fabrikam.com`,
        ...more,
      })
    const zoe = await contact('zoe')
    const moved = await contact('ray', { kind: 'MailUser', remoteMailbox: 'UserMailbox', address: 'ray@contoso.com' })
    const inner = await group(site, 'inner', [rob.recipient.id, zoe.id])
    const outer = await group(site, 'outer', [mary.recipient.id, rob.recipient.id, inner.id, ann.recipient.id, moved.id, 'nobody'])
    await change(site, inner, { members: [...inner.members, outer.id] })
    const counts = async (alias: string) => {
      const tips = await askOne(site, mary.caller, `${alias}@contoso.com`)
      return [tips.totalMemberCount, tips.externalMemberCount, tips.pending.join(' ')]
    }
    assert.deepEqual(await counts('outer'), [5, 1, ''])
    const [person, other] = await ask(site, mary.caller, ['zoe@fabrikam.com', 'ray@contoso.com'])
    assert.deepEqual([person?.totalMemberCount, person?.externalMemberCount], [1, 1])
    assert.deepEqual([other?.externalMemberCount, other?.outOfOffice, other?.mailboxFull], [0, undefined, undefined])

    // Rows as the directory writes them, of one write.
    const { id: _id, ...data } = zoe
    const crowd = Array.from({ length: 1001 }, (_, n) => `crowd-${n}`)
    await store.write(async (tx) => {
      for (const id of crowd)
        await tx.objects.save({ organisation, kind: 'MailContact', id, name: id, data: { ...data }, keys: [`recipient:${id}`] })
    })
    await group(site, 'crowd', crowd)
    assert.deepEqual(await counts('crowd'), [1000, undefined, 'ExternalMemberCount'], 'LargeAudienceCap')
    await group(
      site,
      'ghosts',
      Array.from({ length: 2001 }, (_, n) => `ghost${n}`),
    )
    assert.deepEqual(await counts('ghosts'), [undefined, undefined, 'TotalMemberCount ExternalMemberCount'])
    const names = ['inner', 'ghosts', 'ghosts', 'ghosts', 'inner'].map((alias) => `${alias}@contoso.com`)
    const asked = await ask(site, mary.caller, names, ['TotalMemberCount'])
    assert.deepEqual(
      asked.map(({ totalMemberCount, pending }) => totalMemberCount ?? pending),
      [5, ['TotalMemberCount'], ['TotalMemberCount'], ['TotalMemberCount'], ['TotalMemberCount']],
    )
  })

  test(`a sender learns who takes its mail, and who lets others read it first (${engine.name})`, async () => {
    await using site = await people(engine)
    const { directory, organisation, mary, rob, ann } = site
    const staff = await group(site, 'staff', [mary.recipient.id])
    const maryNow = await directory.callerFor(mary.recipient)
    const restricted = async (caller: Caller, options?: MailTipsOptions) =>
      (await askOne(site, caller, 'rob@contoso.com', options)).deliveryRestricted
    const set = (changes: Partial<Recipient>) => change(site, rob.recipient, changes)
    assert.equal(await restricted(partner(organisation, 'All')), false)
    await set({ requireSenderAuthentication: true })
    assert.equal(await restricted(maryNow), false)
    assert.equal(await restricted(partner(organisation, 'Limited')), true)
    assert.equal(await restricted(partner(organisation, 'All', { address: 'ray@contoso.com', domain: 'contoso.com' })), false)
    await set({ requireSenderAuthentication: false, acceptMessagesOnlyFrom: [staff.id] })
    assert.deepEqual([await restricted(maryNow), await restricted(ann.caller)], [false, true])
    await set({ rejectMessagesFrom: [mary.recipient.id] })
    assert.equal(await restricted(maryNow), true, 'refusal goes before acceptance')
    await set({ acceptMessagesOnlyFrom: [], rejectMessagesFrom: [] })
    assert.equal(await restricted(ann.caller), false)

    await set({ acceptMessagesOnlyFrom: [mary.recipient.id] })
    await change(site, mary.recipient, { sendOnBehalf: [ann.recipient.id] })
    assert.equal(await restricted(ann.caller, { sendingAs: ' Mary@contoso.com ' }), false)
    assert.equal(await restricted(ann.caller, { sendingAs: 'ann@contoso.com' }), true)
    await change(site, mary.recipient, { sendOnBehalf: [], sendAs: [staff.id] })
    for (const sendingAs of ['mary@contoso.com', 'gone@contoso.com'])
      await assert.rejects(restricted(ann.caller, { sendingAs }), refusal('SendAsDenied'))
    await assert.rejects(restricted({ ...ann.caller, kind: 'anonymous' }), refusal('AccessDenied'))
    assert.equal(await restricted(systemCaller(organisation), { sendingAs: 'mary@contoso.com' }), false)
    assert.equal((await askOne(site, systemCaller(organisation), 'ann@contoso.com')).deliveryRestricted, false)

    await change(site, staff, { moderationEnabled: true, managedBy: [ann.recipient.id] })
    const moderated = async (caller: Caller) => (await askOne(site, caller, 'staff@contoso.com')).isModerated
    assert.deepEqual([await moderated(maryNow), await moderated(ann.caller)], [true, false])
  })

  test(`a partner is told what its level and scope allow (hybrid reference 7, source R4, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, organisation, rob, ann } = site
    const scope = await group(site, 'shown', [rob.recipient.id], { mailTip: 'Many people' })
    for (const { recipient, caller, mailbox } of [rob, ann]) {
      await change(site, recipient, { mailTip: 'Call me', moderationEnabled: true })
      const outOfOffice: OutOfOffice = { state: 'Enabled', externalAudience: 'All', externalReply: { message: 'Away' } }
      await mailboxes.saveSettings(caller, mailbox, { outOfOffice })
    }
    await assert.rejects(askOne(site, partner(organisation, 'None'), 'rob@contoso.com'), refusal('MailTipsDisabled'))
    const maxMessageSize = 36 * 1024 * 1024
    const limited = { pending: [], outOfOffice: { reply: { message: 'Away' } }, maxMessageSize, deliveryRestricted: false }
    assert.deepEqual(await askOne(site, partner(organisation, 'Limited'), 'rob@contoso.com'), { address: 'rob@contoso.com', ...limited })
    const unknown = await askOne(site, partner(organisation, 'Limited'), 'gone@contoso.com')
    assert.equal(unknown.invalidRecipient, undefined)
    const full = { ...limited, mailboxFull: false, customMailTip: 'Call me', totalMemberCount: 1, externalMemberCount: 0 }
    const all = { ...full, isModerated: true, invalidRecipient: false }
    assert.deepEqual(await askOne(site, partner(organisation, 'All'), 'rob@contoso.com'), { address: 'rob@contoso.com', ...all })

    const scoped = partner(organisation, 'All', { mailTipsScope: scope.id })
    const [inScope, outOfScope, aGroup] = await ask(site, scoped, ['rob@contoso.com', 'ann@contoso.com', 'shown@contoso.com'])
    assert.deepEqual(inScope, { address: 'rob@contoso.com', ...all })
    const { outOfOffice: _reply, mailboxFull: _full, customMailTip: _custom, ...others } = all
    assert.deepEqual(outOfScope, { address: 'ann@contoso.com', ...others })
    assert.equal(aGroup?.customMailTip, 'Many people')

    const sendingAs = 'eve@evil.example'
    await assert.rejects(askOne(site, partner(organisation, 'All'), 'rob@contoso.com', { sendingAs }), refusal('SendAsDenied'))
    await namesWhoIsTheirs(site)
    await askOne(site, partner(organisation, 'All'), 'rob@contoso.com', { sendingAs: 'Shared@fabrikam.com' })
  })

  test(`an organisation sets up its MailTips ([MS-OXWCONFIG] 3.1.4.1.3.27, Set-OrganizationConfig, ${engine.name})`, async () => {
    await using site = await people(engine)
    const { mailboxes, directory, organisation, mary } = site
    await directory.addAcceptedDomain({ organisation, domain: 'relay.example', type: 'ExternalRelay' })
    await directory.addAcceptedDomain({ organisation, domain: 'sales.contoso.com', type: 'InternalRelay' })
    assert.deepEqual(await mailboxes.mailTipsConfiguration(mary.caller), {
      enabled: true,
      mostRecipients: 100,
      maxMessageSize: 36 * 1024 * 1024,
      largeAudienceThreshold: 25,
      largeAudienceCap: 1000,
      showExternalRecipientCount: false,
      internalDomains: ['contoso.com', 'sales.contoso.com'],
    })
    await assert.rejects(mailboxes.mailTipsConfiguration(mary.caller, { sendingAs: 'rob@contoso.com' }), refusal('SendAsDenied'))
    await assert.rejects(mailboxes.mailTipsConfiguration(partner(organisation, 'None')), refusal('MailTipsDisabled'))

    const other = async (name: string, settings: ConfigurationChanges<'OrganizationConfig'>, MaxReceiveSize = 'Unlimited') => {
      const { id } = await directory.createOrganisation({ name, defaultDomain: `${name}.example` })
      await site.configuration.update(id, 'OrganizationConfig', undefined, settings)
      await site.configuration.update(id, 'TransportConfig', undefined, { MaxReceiveSize })
      const kim = await directory.create(id, { kind: 'UserMailbox', alias: 'kim', displayName: 'Kim' })
      await mailboxes.provision(id, kim.mailbox)
      await directory.create(id, { kind: 'DistributionGroup', alias: 'few', displayName: 'Few', members: [kim.id] })
      return directory.callerFor(kim)
    }
    const off = await other('off', { MailTipsAllTipsEnabled: false })
    assert.equal((await mailboxes.mailTipsConfiguration(off)).enabled, false)
    await assert.rejects(mailboxes.mailTips(off, ['kim@off.example'], mailTipKinds), refusal('MailTipsDisabled'))
    const own = await other(
      'own',
      {
        MailTipsMailboxSourcedTipsEnabled: false,
        MailTipsGroupMetricsEnabled: false,
        MailTipsExternalRecipientsTipsEnabled: true,
        MailTipsLargeAudienceThreshold: 3,
      },
      '1000',
    )
    const configuration = await mailboxes.mailTipsConfiguration(own)
    assert.deepEqual([configuration.showExternalRecipientCount, configuration.largeAudienceThreshold], [true, 3])
    assert.equal(configuration.maxMessageSize, 1000)
    const [kim, few, foreign] = await ask(site, own, ['kim@own.example', 'few@own.example', 'mary@contoso.com'])
    assert.deepEqual([kim?.outOfOffice, kim?.mailboxFull, kim?.maxMessageSize], [undefined, undefined, 1000])
    assert.deepEqual([few?.totalMemberCount, few?.pending], [undefined, []])
    assert.deepEqual(
      [foreign?.invalidRecipient, foreign?.externalMemberCount],
      [false, 1],
      'another organisation of this server is outside',
    )
  })
}
