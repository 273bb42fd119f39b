/** Holds by query that are changed by several at once, made twice, changed later and forgotten: nothing that was acknowledged is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { GetHoldOnMailboxes, SetHoldOnMailboxes, type Infer } from '#schema'
import { itemXml, person, text } from '../requirements/person.ts'
import { discoverer } from '../support/discoverer.ts'
import { engines } from '../support/engines.ts'
import { appClient, codes, only, type EwsClient } from '../support/ews-client.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { isHeldMailbox, keepingOf } from '../../src/mailbox/recoverable/keeping.ts'

const day = 86_400_000
const people = [{ address: 'eve@contoso.com', displayName: 'Eve Discovery', rights: { roles: ['Mailbox Search', 'Legal Hold'] } }]
const shell = (site: TestSite) => (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code
type Asked = Partial<Infer<typeof SetHoldOnMailboxes.request>>

const setting =
  (client: EwsClient) =>
  (ActionType: 'Create' | 'Update' | 'Remove', HoldId: string, more: Asked = {}) =>
    client.call(SetHoldOnMailboxes, { ActionType, HoldId, Query: 'plan', ...more })

/** Whom a hold names, as EWS shows it, by the last word of the name. */
async function heldBy(site: TestSite, client: EwsClient, HoldId: string): Promise<string[]> {
  const found = only([await client.call(GetHoldOnMailboxes, { HoldId })]).MailboxHoldResult
  const names = new Map(Object.entries(site.people).map(([name, one]) => [one?.legacyExchangeDn, name]))
  return (found?.MailboxHoldStatuses ?? []).map(({ Mailbox }) => names.get(Mailbox) ?? Mailbox).sort()
}

for (const engine of engines) {
  test(`what several change of a hold at once is all there (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people })
    const [run, eve] = [shell(site), await appClient(site, 'eve')]
    await run("New-MailboxSearch Case -SourceMailboxes mary -SearchQuery 'plan' -InPlaceHoldEnabled $true")
    const set = setting(eve)
    await Promise.all([
      run('Set-MailboxSearch Case -SourceMailboxes mary,rob'),
      run("Set-MailboxSearch Case -Description 'about plans'"),
      run('Set-MailboxSearch Case -ItemHoldPeriod 2555'),
      run('Set-MailboxSearch Case -Language de-DE'),
      run('Set-MailboxSearch Case -Senders fabrikam.com'),
    ])
    const [kept] = await run('Get-MailboxSearch Case')
    assert.deepEqual(
      [kept?.SourceMailboxes, kept?.Description, kept?.ItemHoldPeriod, kept?.Language, kept?.Senders, kept?.InPlaceHoldEnabled],
      [['Mary Jensen', 'Rob Young'], 'about plans', '2555.00:00:00', 'de-DE', ['fabrikam.com'], true],
    )
    // One by the shell, one by EWS.
    const both = await Promise.all([set('Update', 'Case', { Query: 'other' }), run('Set-MailboxSearch Case -Recipients contoso.com')])
    assert.deepEqual(codes([both[0]]), ['NoError'])
    const [after] = await run('Get-MailboxSearch Case')
    assert.deepEqual([after?.SearchQuery, after?.Recipients, after?.ItemHoldPeriod], ['other', ['contoso.com'], '2555.00:00:00'])
  })

  test(`one hold is made once: who makes it again adds mailboxes to it, or is refused ([MS-OXWSEDISC] 3.1.4.7, ${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people })
    const [run, eve] = [shell(site), await appClient(site, 'eve')]
    const set = setting(eve)
    const made = await Promise.all(['mary', 'rob', 'ann'].map((name) => set('Create', 'Case', { Mailboxes: [`${name}@contoso.com`] })))
    assert.deepEqual(codes(made), ['NoError', 'NoError', 'NoError'])
    assert.deepEqual(await heldBy(site, eve, 'Case'), ['ann', 'mary', 'rob'])
    // What it is about is not overwritten by who takes its name for something else.
    for (const other of [{ Query: 'secret' }, { ItemHoldPeriod: '5' }, { InPlaceHoldIdentity: 'other' }]) {
      const answer = await set('Create', 'case', { Mailboxes: ['mary@contoso.com'], ...other })
      assert.deepEqual(codes([answer]), ['ErrorInvalidArgument'], JSON.stringify(other))
    }
    assert.equal((await run('Get-MailboxSearch Case'))[0]?.SearchQuery, 'plan')
    // A search of the shell's that holds nothing yet holds what is asked for, as the documentation of the operation shows.
    await run("New-MailboxSearch Waiting -SearchQuery 'plan' -ItemHoldPeriod 30")
    assert.deepEqual(codes([await set('Create', 'Waiting', { Mailboxes: ['rob@contoso.com'] })]), ['NoError'])
    const [waiting] = await run('Get-MailboxSearch Waiting')
    assert.deepEqual([waiting?.InPlaceHoldEnabled, waiting?.SourceMailboxes, waiting?.ItemHoldPeriod], [true, ['Rob Young'], '30.00:00:00'])
    const twice = await Promise.allSettled([1, 2, 3].map((n) => run(`New-MailboxSearch Twice -Description ${n} -SourceMailboxes mary`)))
    assert.deepEqual(twice.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected'])
    // Released for some of its mailboxes it holds the others.
    const released = only([await set('Remove', 'Case', { Mailboxes: ['rob@contoso.com'] })]).MailboxHoldResult
    assert.deepEqual(released?.MailboxHoldStatuses.map(({ Mailbox, Status }) => [Mailbox, Status]), [[site.people.rob?.legacyExchangeDn, 'NotOnHold']]) // prettier-ignore
    assert.deepEqual(await heldBy(site, eve, 'Case'), ['ann', 'mary'])
    assert.deepEqual((await run('Get-Mailbox rob'))[0]?.InPlaceHolds, [waiting?.InPlaceHoldIdentity])
    assert.deepEqual(codes([await set('Remove', 'Case', { Mailboxes: ['ann@contoso.com', 'mary@contoso.com'] })]), ['NoError'])
    assert.deepEqual(codes([await eve.call(GetHoldOnMailboxes, { HoldId: 'Case' })]), ['ErrorMailboxHoldNotFound'])
  })

  test(`dates of a query stay where they were when it was said, whatever else is changed (${engine.name})`, async () => {
    const clock = { now: Date.parse('2026-11-25T12:00:00Z') }
    await using site = await startTestSite({ engine, people, outside: { clock: () => clock.now } })
    const [mary, seer, run, eve] = [person(site), await discoverer(site), shell(site), await appClient(site, 'eve')]
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    const make = (subject: string) => mary.create(`<t:Message><t:Subject>${subject}</t:Subject></t:Message>`, { folder: 'inbox' })
    const [first, second, third] = [await make('first'), await make('second'), await make('third')]
    await run("New-MailboxSearch Case -SourceMailboxes mary -SearchQuery 'received:today' -InPlaceHoldEnabled $true")
    const kept = async () => (await seer.find('recoverableitemsdiscoveryholds', { shape: 'Default' })).map((one) => text(one, 'Subject')).sort() // prettier-ignore
    clock.now += 30 * day
    await run("Set-MailboxSearch Case -Description 'still the same'")
    await mary.remove(itemXml(first), 'HardDelete')
    assert.deepEqual(await kept(), ['first'])
    // EWS names the query each time; the same one is not said anew.
    const same = { Query: 'received:today', Mailboxes: ['mary@contoso.com'] }
    assert.deepEqual(codes([await setting(eve)('Update', 'Case', { ...same, ItemHoldPeriod: '3650' })]), ['NoError'])
    await run("Set-MailboxSearch Case -SearchQuery 'received:today' -InPlaceHoldEnabled $true")
    await mary.remove(itemXml(second), 'HardDelete')
    assert.deepEqual(await kept(), ['first', 'second'])
    // Made again it would be about another day.
    assert.deepEqual(codes([await setting(eve)('Create', 'Case', same)]), ['ErrorInvalidArgument'])
    await run("Set-MailboxSearch Case -SearchQuery 'received:yesterday'")
    await mary.remove(itemXml(third), 'HardDelete')
    assert.deepEqual(await kept(), ['first', 'second'])
  })

  test(`a search whose hold begins while it is forgotten is there, and holds (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people })
    const run = shell(site)
    for (let round = 0; round < 5; round++) {
      await run(`New-MailboxSearch Case${round} -SourceMailboxes mary`)
      const [begun, removed] = await Promise.allSettled([
        run(`Set-MailboxSearch Case${round} -InPlaceHoldEnabled $true`),
        run(`Remove-MailboxSearch Case${round}`),
      ])
      const left = await run('Get-MailboxSearch').then((all) => all.find(({ Name }) => Name === `Case${round}`))
      if (begun.status === 'fulfilled') {
        assert.equal(left?.InPlaceHoldEnabled, true, 'acknowledged, it holds')
        assert.ok(removed.status === 'rejected' && refused('InvalidOperation')(removed.reason))
      } else {
        assert.ok(refused('ObjectNotFound')(begun.reason), String(begun.reason))
        assert.deepEqual([removed.status, left], ['fulfilled', undefined])
      }
    }
  })
}

/** Where two write at the same time. */
for (const engine of engines.filter(({ name }) => name === 'postgres')) {
  test(`a hold is acknowledged when nobody who does not know of it writes to the mailbox or its archive (${engine.name})`, async () => {
    await using site = await startTestSite({ engine, people })
    const run = shell(site)
    await run('Set-Mailbox mary -SingleItemRecoveryEnabled $false')
    await run('Enable-Mailbox mary -Archive')
    const mary = await site.directory.find('mary@contoso.com', site.organisation.id)
    for (const mailbox of [mary?.mailbox ?? '', mary?.archive?.mailbox ?? '']) {
      for (const line of [
        'Set-Mailbox mary -LitigationHoldEnabled $true',
        'New-MailboxSearch Case -SourceMailboxes mary -InPlaceHoldEnabled $true',
      ]) {
        const ended: string[] = []
        let held: Promise<unknown> | undefined
        await site.store.write(async (tx) => {
          assert.ok(await tx.folders.byKind(mailbox, 'inbox'))
          assert.equal(isHeldMailbox(await keepingOf(tx, mailbox)), false, line)
          held ??= run(line).then(() => ended.push('hold'))
          // As long as it takes to hold others, one after another.
          for (const round of [1, 2, 3]) {
            await run(`New-MailboxSearch Other${round} -SourceMailboxes rob -InPlaceHoldEnabled $true`)
            await run(`Set-Mailbox rob -LitigationHoldEnabled $${round === 1}`)
          }
          ended.push('writer')
        })
        await held
        assert.deepEqual(ended, ['writer', 'hold'], `${line}, ${mailbox === mary?.mailbox ? 'mailbox' : 'archive'}`)
        await run('Set-Mailbox mary -LitigationHoldEnabled $false')
        for (const { Name } of await run('Get-MailboxSearch')) {
          await run(`Set-MailboxSearch ${Name} -InPlaceHoldEnabled $false`)
          await run(`Remove-MailboxSearch ${Name}`)
        }
      }
    }
  })
}
