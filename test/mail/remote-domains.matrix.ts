/** What remote domains let in of automatic mail (PSDOC Set-RemoteDomain): by SMTP from and to two foreign domains, one of which takes all of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemCaller } from '#model'
import { MarkAllItemsAsRead, UpdateInboxRules, type RuleElement } from '#schema'
import { connectSmtp } from '../clients/raw-smtp.ts'
import { arrived as itemOf } from '../requirements/meeting-room.ts'
import { idOf, person } from '../requirements/person.ts'
import { message } from '../rules/arrivals.ts'
import { quickEngines } from '../support/engines.ts'
import { ewsClient } from '../support/ews-client.ts'
import { connectSites } from '../support/hybrid-sites.ts'
import { runLine } from '../support/run-line.ts'
import { startTestSite, type TestSite } from '../support/site.ts'
import { submission } from './mail-site.ts'
import { otherServer } from './other-server.ts'
import { inboxOf, letter, startPremises, waitingIn } from './premises.ts'

/** `Default` is for the first; the second has a remote domain of its own. */
const domains = ['fabrikam.example', 'partner.example'] as const
const out = domains.map((domain) => `out@${domain}`)

interface Hand {
  site: TestSite
  run(line: string): Promise<Record<string, unknown>[]>
  /** Strangers of both domains send to somebody here; answers nothing before all that follows has been done. */
  strangers(to: string, subject: string, headers?: string[], body?: string, parameters?: string): Promise<void>
  /** Somebody here hands in a message for both domains, as a mail program does. */
  submit(subject: string, headers: string[]): Promise<void>
  settle(): Promise<void>
}

const colleague = (hand: Hand, alias: string, subject: string) =>
  hand.site.caller(alias).then((caller) => hand.site.mailboxes.sendNew(caller, hand.site.people[alias]!.mailbox, { kind: 'message', properties: { subject, toRecipients: [{ address: 'mary@contoso.com' }] } }, {})) // prettier-ignore

const whileAway = async (hand: Hand, send: () => Promise<unknown>) => {
  await hand.run(
    `Set-MailboxAutoReplyConfiguration mary -AutoReplyState Enabled -ExternalAudience All -InternalMessage inside -ExternalMessage outside`,
  )
  await send()
  await hand.settle()
  await hand.run('Set-MailboxAutoReplyConfiguration mary -AutoReplyState Disabled')
}

const invitation = (domain: string, subject: string) =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:${subject}@${domain}\r\nDTSTAMP:20300101T000000Z\r\nDTSTART:20300304T090000Z\r\nDTEND:20300304T100000Z\r\nSUMMARY:${subject}\r\nORGANIZER:mailto:out@${domain}\r\nATTENDEE:mailto:mary@contoso.com\r\nEND:VEVENT\r\nEND:VCALENDAR`

/** Rob's mailbox forwards to one domain and keeps what comes, Ann's to the other and keeps nothing. */
const forwarding = async (hand: Hand, send: () => Promise<unknown>) => {
  await hand.run(`Set-Mailbox rob -ForwardingSmtpAddress ${out[0]} -DeliverToMailboxAndForward $true`)
  await hand.run(`Set-Mailbox ann -ForwardingSmtpAddress ${out[1]} -DeliverToMailboxAndForward $false`)
  await send()
  await hand.settle()
  for (const alias of ['rob', 'ann']) await hand.run(`Set-Mailbox ${alias} -ForwardingSmtpAddress $null`)
}

/** Setting, the value that bars, the values that do not, what does it, and the subject of what goes out to both domains. */
interface Row {
  name: string
  setting: string
  bars: readonly string[]
  lets: readonly string[]
  act: (hand: Hand, subject: string) => Promise<unknown>
  sends: (subject: string) => string
}

const onOff = { bars: ['$false'], lets: ['$true'] }
const same = (subject: string) => subject
const table: Row[] = [
  {
    name: 'external out of office',
    setting: 'AllowedOOFType',
    bars: ['None', 'InternalLegacy'],
    lets: ['External', 'ExternalLegacy'],
    act: (hand, subject) => whileAway(hand, () => hand.strangers('mary', subject)),
    sends: (subject) => `Automatic reply: ${subject}`,
  },
  {
    name: 'internal out of office, passed on by forwarding',
    setting: 'AllowedOOFType',
    bars: ['External', 'ExternalLegacy', 'None'],
    lets: ['InternalLegacy'],
    act: (hand, subject) => whileAway(hand, () => forwarding(hand, async () => { for (const alias of ['rob', 'ann']) await colleague(hand, alias, subject); await hand.settle() })), // prettier-ignore
    sends: (subject) => `Automatic reply: ${subject}`,
  },
  { name: 'reply by a rule', setting: 'AutoReplyEnabled', ...onOff, act: (hand, subject) => hand.strangers('mary', subject), sends: (subject) => `Template ${subject.at(-1)}` }, // prettier-ignore
  { name: 'reply by a program', setting: 'AutoReplyEnabled', ...onOff, act: (hand, subject) => hand.submit(subject, ['Auto-Submitted: auto-replied (vacation)']), sends: same }, // prettier-ignore
  { name: 'redirect by a rule', setting: 'AutoForwardEnabled', ...onOff, act: (hand, subject) => hand.strangers('mary', subject), sends: same }, // prettier-ignore
  { name: 'forward by a rule', setting: 'AutoForwardEnabled', ...onOff, act: (hand, subject) => hand.strangers('mary', subject), sends: (subject) => `FW: ${subject}` }, // prettier-ignore
  { name: 'attach by a rule', setting: 'AutoForwardEnabled', ...onOff, act: (hand, subject) => hand.strangers('mary', subject), sends: (subject) => `FW: ${subject}` }, // prettier-ignore
  { name: 'mailbox forwarding', setting: 'AutoForwardEnabled', ...onOff, act: (hand, subject) => forwarding(hand, async () => { await hand.strangers('rob', subject); await hand.strangers('ann', subject) }), sends: same }, // prettier-ignore
  {
    name: 'read receipt',
    setting: 'DeliveryReportEnabled',
    ...onOff,
    act: async (hand, subject) => {
      await hand.strangers('mary', subject, ['Disposition-Notification-To: %'])
      const FolderIds = [{ is: 'DistinguishedFolderId' as const, value: { Id: 'inbox' } }]
      await ewsClient(hand.site).call(MarkAllItemsAsRead, { ReadFlag: true, SuppressReadReceipts: false, FolderIds })
    },
    sends: (subject) => `Read: ${subject}`,
  },
  { name: 'receipt by a program', setting: 'DeliveryReportEnabled', ...onOff, act: (hand, subject) => hand.submit(subject, ['Content-Type: multipart/report; report-type=disposition-notification; boundary=b']), sends: same }, // prettier-ignore
  { name: 'delivery report', setting: 'DeliveryReportEnabled', ...onOff, act: (hand, subject) => hand.strangers('mary', subject, [], 'x', ' NOTIFY=SUCCESS'), sends: (subject) => `Delivered: ${subject}` }, // prettier-ignore
  {
    name: 'failure',
    setting: 'NDREnabled',
    ...onOff,
    act: async (hand, subject) => {
      await hand.run('Set-Mailbox room2 -ProhibitSendReceiveQuota 0')
      await hand.strangers('room2', subject)
    },
    sends: (subject) => `Undeliverable: ${subject}`,
  },
  {
    name: 'forwarded meeting',
    setting: 'MeetingForwardNotificationEnabled',
    ...onOff,
    act: async (hand, subject) => {
      const mary = person(hand.site)
      for (const domain of domains) {
        const own = `${subject} ${domain}`
        const smtp = await connectSmtp(hand.site.ports.smtp!)
        const headers = ['Content-Type: text/calendar; method=REQUEST; charset=utf-8']
        await smtp.send(`out@${domain}`, ['mary@contoso.com'], message({ from: `out@${domain}`, subject: own, headers, body: invitation(domain, subject) })) // prettier-ignore
        smtp.close()
        await hand.settle()
        const { Id, ChangeKey } = idOf(await itemOf(hand.site, 'mary', own))
        const to = '<t:ToRecipients><t:Mailbox><t:EmailAddress>rob@contoso.com</t:EmailAddress></t:Mailbox></t:ToRecipients>'
        await mary.done(mary.createXml(`<t:ForwardItem>${to}<t:ReferenceItemId Id="${Id}" ChangeKey="${ChangeKey}"/></t:ForwardItem>`, { disposition: 'SendOnly', invitations: '' })) // prettier-ignore
      }
    },
    sends: (subject) => `Meeting Forward Notification: ${subject}`,
  },
]

function handOf(site: TestSite): Hand {
  const settle = async () => {
    const isDue = async () => (await waitingIn(site)).some(({ due }) => due <= Date.now())
    for (const until = Date.now() + 20_000; (await isDue()) && Date.now() < until;) await site.transport.runDue()
  }
  return {
    site,
    run: (line) => runLine(site.admin, systemCaller(site.organisation.id), line),
    settle,
    async strangers(to, subject, headers = [], body = 'Hi', parameters = '') {
      const smtp = await connectSmtp(site.ports.smtp!)
      for (const from of out) {
        const bytes = message({ from, to: `${to}@contoso.com`, subject, headers: headers.map((one) => one.replace('%', from)), body })
        const said: string[] = []
        for (const line of [`MAIL FROM:<${from}>`, `RCPT TO:<${to}@contoso.com>${parameters}`, 'DATA', `${bytes}\r\n.`]) said.push(await smtp.command(line)) // prettier-ignore
        assert.deepEqual(said.map((one) => one.slice(0, 3)), ['250', '250', '354', '250'], said.join('\n')) // prettier-ignore
      }
      smtp.close()
      await settle()
    },
    async submit(subject, headers) {
      const envelope = { sender: 'rob@contoso.com', recipients: out.map((address) => ({ address })) }
      const bytes = message({ from: 'rob@contoso.com', to: out.join(', '), subject, headers })
      await site.transport.accept(bytes, envelope, await site.caller('rob'), submission)
      await settle()
    },
  }
}

/** Mary's rules, each for one row of the table. */
async function setRules(site: TestSite): Promise<void> {
  const mary = person(site)
  const template = await mary.create('<t:Message><t:Subject>Template 1</t:Subject></t:Message>', { folder: 'drafts' })
  const second = await mary.create('<t:Message><t:Subject>Template 2</t:Subject></t:Message>', { folder: 'drafts' })
  const people = out.map((address) => ({ address, routingType: 'SMTP' }))
  const rows: [string, NonNullable<RuleElement['Actions']>][] = [
    ['reply by a rule 1', { ServerReplyWithMessage: template }],
    ['reply by a rule 2', { ServerReplyWithMessage: second }],
    ['redirect by a rule', { RedirectToRecipients: people }],
    ['forward by a rule', { ForwardToRecipients: people }],
    ['attach by a rule', { ForwardAsAttachmentToRecipients: people }],
  ]
  const Operations = rows.map(([words, Actions], n) => ({
    is: 'CreateRuleOperation' as const,
    value: { Rule: { DisplayName: words, Priority: n + 1, IsEnabled: true, Conditions: { ContainsSubjectStrings: [words] }, Actions } },
  }))
  assert.equal((await ewsClient(site).call(UpdateInboxRules, { Operations })).ResponseCode, 'NoError')
}

for (const engine of quickEngines) {
  test(`automatic mail goes where the remote domain lets it in, and is dropped elsewhere (${engine.name}): PSDOC Set-RemoteDomain`, async (t) => {
    await using other = await otherServer()
    await using site = await startTestSite({ engine })
    const hand = handOf(site)
    await hand.run(
      `New-SendConnector Out -AddressSpaces 'SMTP:*;1' -SmartHosts 127.0.0.1 -Port ${other.port} -IgnoreSTARTTLS $true -DNSRoutingEnabled $false`,
    )
    await hand.run(`New-RemoteDomain Partner -DomainName ${domains[1]}`)
    await setRules(site)
    for (const row of table) {
      await t.test(row.name, async () => {
        const { setting, bars, lets, act, sends } = row
        /** Acts once; answers the domains that got the mail. */
        let turn = 0
        const reached = async (value: string, partner: string): Promise<{ domains: string[]; subject: string }> => {
          await hand.run(`Set-RemoteDomain Default -${setting} ${value}`)
          await hand.run(`Set-RemoteDomain Partner -${setting} ${partner}`)
          other.taken.length = 0
          const own = `${row.name} ${++turn}`
          await act(hand, own)
          await hand.settle()
          const subject = sends(own)
          const fitting = other.taken.filter(({ bytes }) => new RegExp(`^Subject: ${subject}`, 'm').test(bytes.toString()))
          assert.equal(fitting.length, other.taken.length, `nothing else goes out: ${other.taken.map(({ bytes }) => bytes).join('\n')}`)
          return { domains: fitting.flatMap(({ to }) => to.map((one) => one.split('@')[1]!)).toSorted(), subject }
        }
        const [open = ''] = lets
        for (const value of bars) {
          const { domains: got, subject } = await reached(value, open)
          assert.deepEqual([...new Set(got)], ['partner.example'], `${setting} ${value}`)
          const drops = (await hand.run('Get-MessageTrackingLog -EventId DROP')).filter(({ MessageSubject }) => String(MessageSubject).startsWith(subject)) // prettier-ignore
          assert.ok(drops.length > 0, `the log tells of '${subject}'`)
          for (const { Recipients, RecipientStatus, Source } of drops) {
            assert.deepEqual([Recipients, Source], [[out[0]], 'ROUTING'])
            const [status = ''] = RecipientStatus as string[]
            assert.ok(status.startsWith("The remote domain 'Default' takes no "), status)
            assert.ok(status.endsWith(`(Set-RemoteDomain -${setting} is ${value}).`), status)
          }
        }
        for (const value of lets) {
          const { domains: got } = await reached(value, value)
          assert.deepEqual([...new Set(got)], [...domains], `${setting} ${value}`)
        }
        await hand.run(`Set-RemoteDomain Default -${setting} $null`)
        await hand.run(`Set-RemoteDomain Partner -${setting} $null`)
      })
    }
    // Nobody is told of what was dropped.
    const told = await hand.run('Get-MessageTrackingLog -EventId DSN')
    assert.deepEqual(told.filter(({ MessageSubject }) => !/: (failure|delivery report) \d$/.test(String(MessageSubject))), []) // prettier-ignore
    assert.deepEqual((await hand.run('Get-RemoteDomain Default')).map(({ AutoReplyEnabled, AutoForwardEnabled, AllowedOOFType }) => [AutoReplyEnabled, AutoForwardEnabled, AllowedOOFType]), [[true, true, 'External']]) // prettier-ignore
  })
  for (const [by, connectors] of [
    ['the wizard', false],
    ['an administrator', true],
  ] as const)
    // prettier-ignore
    test(`the other premises as ${by} set them up get the internal automatic reply (${engine.name}): PSDOC Set-RemoteDomain -AllowedOOFType, -IsInternal`, async () => {
      await using premises = await startPremises(engine, { connectors })
      const { onPremises, online } = premises
      const run = (line: string) => runLine(onPremises.admin, systemCaller(onPremises.organisation.id), line)
      /** The automatic reply that somebody online gets for a message to Mary, who is away. */
      const replyTo = async (from: string, subject: string): Promise<string> => {
        // Set anew, so that who had a reply gets another.
        await run('Set-MailboxAutoReplyConfiguration mary -AutoReplyState Disabled')
        await run(
          'Set-MailboxAutoReplyConfiguration mary -AutoReplyState Enabled -ExternalAudience All -InternalMessage inside -ExternalMessage outside',
        )
        await premises.submit(online, from, ['mary@contoso.com'], letter(from, 'mary@contoso.com', subject))
        await premises.settle()
        const [reply = ''] = (await inboxOf(online, from)).filter((one) => one.includes(`Subject: Automatic reply: ${subject}\r\n`))
        return /inside|outside/.exec(reply)?.[0] ?? 'none'
      }
      const set = (values: string) => run(`Get-RemoteDomain | Where-Object DomainName -eq contoso.online.example | Set-RemoteDomain ${values}`)
      // Joe's address is of the domain that both premises share, Zoe's of the online one alone.
      const [joe, zoe] = ['joe@contoso.com', 'zoe@contoso.online.example'] as const
      if (connectors) {
        await run('New-RemoteDomain Online -DomainName contoso.online.example')
        assert.deepEqual([await replyTo(joe, 'joe'), await replyTo(zoe, 'zoe')], ['none', 'outside'], 'a stranger’s domain')
        await set('-IsInternal $true -AllowedOOFType InternalLegacy')
      } else await connectSites(premises)
      assert.deepEqual([await replyTo(joe, 'joe in'), await replyTo(zoe, 'zoe in')], ['inside', 'inside'])
      await set('-AllowedOOFType External')
      assert.deepEqual([await replyTo(joe, 'joe out'), await replyTo(zoe, 'zoe out')], ['none', 'none'])
      const drops = await run('Get-MessageTrackingLog -EventId DROP')
      assert.deepEqual(
        drops.map(({ MessageSubject, Recipients }) => [MessageSubject, ...(Recipients as string[])].join(' ')),
        [
          ...(connectors ? ['Automatic reply: joe joe@contoso.online.example'] : []),
          'Automatic reply: joe out joe@contoso.online.example',
          'Automatic reply: zoe out zoe@contoso.online.example',
        ],
      )
    })
}
