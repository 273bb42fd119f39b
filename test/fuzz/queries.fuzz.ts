/**
 * The query language, inbox rules and invitations to folders: any text is a restriction or nothing or a refusal, any rule is kept or refused, in
 * bounded time. FUZZ_SEED plays a run again, FUZZ_SECONDS sets its time.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { readInvitation } from '#hybrid'
import { Refusal, utc, type Restriction } from '#model'
import { keywordsOf, parseQuery, queryLimits, type NewRule } from '#mailbox'
import { startTestSite } from '../support/site.ts'
import { dice, mutate, seconds, seed } from './mutate.ts'

const limit = { seed, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false, numRuns: 1_000_000 }
/** Longest that one input may take, in ms, on a loaded machine. */
const tooLong = 3000
const time = { zone: utc, now: Date.UTC(2030, 0, 7, 12) }

/** Does what a reader does; anything but an answer or a refusal, or too long a time, fails the test. */
function bounded<T>(what: string, read: () => T): T | undefined {
  const began = performance.now()
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return undefined
  } finally {
    const ms = performance.now() - began
    assert.ok(ms < tooLong, `${Math.round(ms)} ms for ${what.slice(0, 300)}`)
  }
}

function sizeOf(restriction: Restriction, depth = 0): { parts: number; depth: number } {
  const parts =
    'and' in restriction ? restriction.and : 'or' in restriction ? restriction.or : 'not' in restriction ? [restriction.not] : []
  return parts
    .map((part) => sizeOf(part, depth + 1))
    .reduce((all, one) => ({ parts: all.parts + one.parts, depth: Math.max(all.depth, one.depth) }), { parts: 1, depth })
}

const pieces = [
  'plan', 'from:', 'subject:', 'body:', 'received:', 'size:', 'kind:', 'hasattachment:', 'is:', 'has:', 'sent:>', 'date:<=', '=', '<>', '..', '"', '”', '(', ')', 'AND',
  'OR', 'NOT', 'and', '-', '+', '*', 'email', 'today', 'last week', '2030-01-07', '7/1/2030', '99999999-99-99', '10MB', '1e309KB', 'ß', '漢字', '\u{1f600}', '\ud800', '\0', ':', ' ',
] // prettier-ignore

test(`any text is a query, nothing or a refusal, and never more than was asked for (seed ${seed})`, () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 80 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 80 }).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 100, max: 20_000 })).map(([piece, times]) => piece.repeat(times)),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const found = bounded(text, () => parseQuery(text, time))
      if (found) {
        const { parts, depth } = sizeOf(found)
        assert.ok(
          depth <= 4 * queryLimits.depth + 20 && parts <= 100 * queryLimits.terms,
          `${parts} parts, ${depth} deep: ${text.slice(0, 300)}`,
        )
      }
      for (const { restriction } of bounded(text, () => keywordsOf(text, time, 20)) ?? []) assert.ok(sizeOf(restriction).parts < 1000)
    }),
    { ...limit, interruptAfterTimeLimit: (seconds * 1000) / 3 },
  )
})

/** Texts that rules and messages have in common now and then, and such as nobody expects. */
const text = fc.oneof(
  fc.constantFrom(
    'plan',
    'Re: plan',
    'x',
    '',
    ' ',
    '*',
    '.*(a+)+$',
    '\0',
    '\u{1f600}',
    'ß',
    'mary@contoso.com',
    'a@b.c',
    '@',
    '<a@b>',
    'a'.repeat(300),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const texts = fc.array(text, { maxLength: 4 })
const people = fc.array(fc.record({ address: text, name: text }, { requiredKeys: [] }), { maxLength: 3 })
const number = fc.oneof(fc.integer({ min: -2, max: 10 }), fc.constantFrom(Number.MAX_SAFE_INTEGER, -8.64e15, 8.64e15, 1.5))
const optional = { requiredKeys: [] as never[] }
const textLists = ['Categories', 'ContainsBodyStrings', 'ContainsHeaderStrings', 'ContainsRecipientStrings', 'ContainsSenderStrings', 'ContainsSubjectOrBodyStrings', 'ContainsSubjectStrings', 'FromConnectedAccounts', 'ItemClasses', 'MessageClassifications'] // prettier-ignore
const flags = ['HasAttachments', 'IsApprovalRequest', 'IsAutomaticForward', 'IsEncrypted', 'IsMeetingRequest', 'IsNDR', 'IsReadReceipt', 'IsSigned', 'IsVoicemail', 'NotSentToMe', 'SentCcMe', 'SentOnlyToMe', 'SentToMe', 'SentToOrCcMe'] // prettier-ignore
const each = <T>(names: readonly string[], of: fc.Arbitrary<T>) => Object.fromEntries(names.map((name) => [name, of]))
const predicates = fc.record(
  {
    ...each(textLists, texts),
    ...each(['FromAddresses', 'SentToAddresses'], people),
    ...each(flags, fc.boolean()),
    Importance: fc.constantFrom('Low', 'Normal', 'High'),
    WithinDateRange: fc.record({ from: number, to: number }, optional),
    WithinSizeRange: fc.record({ least: number, most: number }, optional),
  },
  optional,
)
const actions = fc.record(
  {
    AssignCategories: texts,
    ...each(['CopyToFolder', 'MoveToFolder', 'ServerReplyWithMessage'], number),
    ...each(['Delete', 'MarkAsRead', 'PermanentDelete', 'StopProcessingRules'], fc.boolean()),
    ...each(['ForwardAsAttachmentToRecipients', 'ForwardToRecipients', 'RedirectToRecipients', 'SendSMSAlertToRecipients'], people),
    MarkImportance: fc.constantFrom('Low', 'Normal', 'High'),
  },
  optional,
)
const rule = fc.record({ name: text, priority: number, enabled: fc.boolean(), conditions: predicates, exceptions: predicates, actions })

/** Rules that are none of the server's business to refuse: texts and people that can be, and something to do. */
const soundTexts = fc.array(
  text.filter((one) => one.trim() !== '' && one.length < 255),
  { minLength: 1, maxLength: 3 },
)
const soundPredicates = fc.record(
  {
    ...each(
      textLists.filter((name) => !/Accounts|Classifications/.test(name)),
      soundTexts,
    ),
    ...each(flags, fc.boolean()),
    FromAddresses: fc.constant([{ address: 'a@b.c' }]),
    Importance: fc.constantFrom('Low', 'Normal', 'High'),
    WithinSizeRange: fc.constant({ least: 0, most: 10 }),
  },
  optional,
)
const soundRule = fc.record({
  name: fc.constant('A rule'),
  priority: fc.integer({ min: 1, max: 3 }),
  enabled: fc.constant(true),
  conditions: soundPredicates,
  exceptions: soundPredicates,
  actions: fc.record(
    {
      MarkAsRead: fc.constant(true),
      AssignCategories: soundTexts,
      MarkImportance: fc.constantFrom('Low', 'Normal', 'High'),
      Delete: fc.boolean(),
      StopProcessingRules: fc.boolean(),
      ForwardToRecipients: fc.constant([{ address: 'rob@contoso.com' }]),
    },
    { requiredKeys: ['MarkAsRead'] },
  ),
})
const severalRules = fc.oneof(
  fc.array(rule, { minLength: 1, maxLength: 3 }),
  fc.array(soundRule, { minLength: 1, maxLength: 3 }),
  fc.tuple(soundRule, rule).map((both) => [...both]),
)

test(`any rules are kept or refused, and what is kept keeps no message from being delivered (seed ${seed})`, async () => {
  await using site = await startTestSite()
  const caller = await site.caller('mary')
  const mailbox = site.people.mary?.mailbox ?? ''
  let kept = 0
  const header = (name: string, value: string) => `${name}: ${value.replaceAll(/[^\x20-\x7e]/g, '?')}\r\n`
  const property = fc.asyncProperty(severalRules, text, text, async (rules, subject, body) => {
    const began = performance.now()
    const changes = rules.map((one) => ({ op: 'create' as const, rule: one as unknown as NewRule }))
    const problems = await site.mailboxes.changeInboxRules(caller, mailbox, changes).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error
      return undefined
    })
    const there = await site.mailboxes.inboxRules(caller, mailbox)
    if (problems?.length !== 0) assert.deepEqual(there, [], 'all or none')
    else {
      kept++
      assert.equal(there.length, rules.length)
      assert.equal(new Set(there.map(({ priority }) => priority)).size, there.length, 'each has its own priority')
      const mime = Buffer.from(`${header('From', 'a@b.c')}${header('To', 'mary@contoso.com')}${header('Subject', subject)}\r\n${body}\r\n`)
      const given = { mime, recipient: 'mary@contoso.com', sender: 'a@b.c', receivedAt: Date.now() }
      assert.ok((await site.mailboxes.deliver(site.organisation.id, mailbox, given)) >= 0)
      await site.mailboxes.changeInboxRules(
        caller,
        mailbox,
        there.map(({ id }) => ({ op: 'delete' as const, id })),
      )
    }
    const ms = performance.now() - began
    assert.ok(ms < tooLong, `${Math.round(ms)} ms for ${JSON.stringify(rules).slice(0, 300)}`)
  })
  await fc.assert(property, { ...limit, interruptAfterTimeLimit: (seconds * 1000) / 3 })
  assert.ok(kept > 0, 'some of them are rules')
})

const invitation =
  '<?xml version="1.0"?><SharingMessage xmlns="http://schemas.microsoft.com/sharing/2008"><DataType>calendar</DataType><Initiator><Name>Mary</Name></Initiator>' +
  '<Invitation><Title>Calendar</Title><Providers><Provider Type="ms-exchange-external" TargetRecipients="a@b.c"><EncryptedSharedFolderDataCollection ' +
  'xmlns="http://schemas.microsoft.com/exchange/sharing/2008"><EncryptedSharedFolderData><Token><x/></Token><Data><y/></Data></EncryptedSharedFolderData>' +
  '</EncryptedSharedFolderDataCollection></Provider></Providers></Invitation></SharingMessage>'

test(`any invitation to a folder is read or refused (seed ${seed})`, () => {
  const random = dice(seed)
  const corpus = [Buffer.from(invitation)]
  const end = performance.now() + (seconds * 1000) / 3
  assert.equal(readInvitation(corpus[0]!).sealed.length, 1)
  for (let round = 0; round < 200 || performance.now() < end; round++) {
    const input = mutate(random, corpus)
    bounded(input.toString('latin1'), () => readInvitation(input))
  }
})
