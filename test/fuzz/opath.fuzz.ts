/**
 * Filters: any text is a tree or a refusal with its position; what SQL finds by a filter is what the filter matches in memory, on both engines.
 * FUZZ_SEED plays a run again, FUZZ_SECONDS sets its time.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { createDirectory, filterProperties, matchesFilter, readFilterText, recipientTypes, type Recipient } from '#directory'
import { Refusal } from '#model'
import { engines } from '../support/engines.ts'
import { seconds, seed } from './mutate.ts'

const limit = { seed, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false, numRuns: 1_000_000 }
const pieces = ['Alias', 'Name', 'EmailAddresses', '-eq', '-like', '–ne', '-and', '-or', '-not', '!', '(', ')', '{', '}', "'a*'", '"b"', "''", '$true', '$null', '$x', '5', '10MB', ' ', "'", '“'] // prettier-ignore

test(`any text is a tree or a refusal (seed ${seed})`, () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(' ')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      try {
        readFilterText(text)
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'InvalidParameter') throw error
        const { position } = error.detail
        assert.ok(typeof position === 'number' && position >= 1 && position <= text.length + 1, `${text} → ${position}`)
      }
    }),
    limit,
  )
})

/** Few letters, so that many values are alike: cases, accents, what SQL and patterns treat specially, characters beyond the BMP. */
const letters = fc.constantFrom('a', 'A', 'b', 'ß', 'Ö', 'ö', 'o\u0308', 'Σ', 'ς', 'İ', '%', '_', '\\', "'", '"', '*', ' ', '\u{1f600}', '\uffee', '\ud800', '$') // prettier-ignore
const text = fc.array(letters, { maxLength: 5 }).map((parts) => parts.join(''))
const instant = fc.integer({ min: 0, max: 10 }).map((days) => Date.UTC(2030, 0, 1 + days))
const person = fc.record(
  {
    displayName: text.map((name) => `x${name}`),
    title: text,
    department: text,
    hiddenFromAddressLists: fc.boolean(),
    created: instant,
    capacity: fc.integer({ min: 0, max: 5 }),
    customAttributes: fc.record({ CustomAttribute1: text, CustomAttribute15: text }, { requiredKeys: [] }),
    extensionAttributes: fc.record({ ExtensionCustomAttribute1: fc.array(text, { maxLength: 3 }) }, { requiredKeys: [] }),
    kind: fc.constantFrom<Recipient['kind']>('UserMailbox', 'RoomMailbox', 'MailContact', 'DistributionGroup', 'User'),
  },
  { requiredKeys: ['displayName', 'kind'] },
)

const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`
const texts = ['Name', 'DisplayName', 'Title', 'Department', 'CustomAttribute1', 'CustomAttribute15', 'ExtensionCustomAttribute1', 'Alias', 'EmailAddresses', 'RecipientType'] // prettier-ignore
const operators = ['-eq', '-ne', '-gt', '-ge', '-lt', '-le', '-like', '-notlike']
const comparison = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...operators), text).map(([property, operator, value]) => `${property} ${operator} ${quoted(value)}`) }, // prettier-ignore
  fc.tuple(fc.constantFrom(...texts), fc.constantFrom('-eq $null', '-ne $null')).map((parts) => parts.join(' ')),
  fc.constantFrom('-eq $true', '-ne $true', '-eq $false').map((rest) => `HiddenFromAddressListsEnabled ${rest}`),
  fc.tuple(fc.constantFrom(...operators.slice(0, 6)), instant).map(([operator, at]) => `WhenCreated ${operator} '${new Date(at).toISOString()}'`), // prettier-ignore
  fc.tuple(fc.constantFrom(...operators.slice(0, 6)), fc.integer({ min: -1, max: 6 })).map(([operator, size]) => `ResourceCapacity ${operator} ${size}`), // prettier-ignore
  fc.constantFrom("MemberOfGroup -eq 'group0'", "MemberOfGroup -ne 'group0'", "Manager -eq 'p1'", 'Manager -ne $null'),
)
const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    comparison,
    fc.tuple(tie('filter'), fc.constantFrom('-and', '-or'), tie('filter')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
    tie('filter').map((inner) => `-not (${inner})`),
  ),
}))
const types = recipientTypes.map(({ details }) => details)
const sortable = filterProperties.filter(({ many, type }) => !many && (type === 'text' || type === 'instant' || type === 'size')).map(({ name }) => name) // prettier-ignore

for (const engine of engines) {
  test(`what is found is what matches (${engine.name}, seed ${seed})`, async () => {
    await using opened = await engine.use()
    const directory = createDirectory({ store: opened.store, clock: () => Date.UTC(2030, 0, 5), random: (size) => randomBytes(size) })
    const { id: organisation } = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
    const people = fc.sample(person, { numRuns: 60, seed })
    const made: Recipient[] = []
    for (const [index, one] of people.entries()) {
      const manager = index % 3 === 0 && made[1] ? { manager: made[1].id } : {}
      const external = one.kind === 'MailContact' ? { externalAddress: `p${index}@fabrikam.com` } : {}
      made.push(await directory.create(organisation, { ...one, ...manager, ...external, alias: `p${index}` }))
    }
    const members = made.slice(0, 20).map(({ id }) => id)
    const group = await directory.create(organisation, { kind: 'DistributionGroup', alias: 'group0', displayName: 'group0', members })
    made.push(group)
    const groupsOf = ({ id }: Recipient) => (members.includes(id) ? [group.id] : [])
    await fc.assert(
      fc.asyncProperty(
        filter,
        fc.constantFrom(...sortable),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (text, sortBy, descending, size) => {
          // prettier-ignore
          const read = await directory.readFilter(organisation, text)
          const found: string[] = []
          let after: Awaited<ReturnType<typeof directory.search>>['next']
          do {
            const page = await directory.search({
              organisation,
              types,
              filter: read,
              sortBy,
              descending,
              limit: size,
              ...(after ? { after } : {}),
            })
            found.push(...page.recipients.map(({ id }) => id))
            after = page.next
          } while (after)
          const matching = made.filter((one) => matchesFilter(read, one, groupsOf(one))).map(({ id }) => id)
          assert.equal(new Set(found).size, found.length, 'one is there twice')
          assert.deepEqual(found.toSorted(), matching.toSorted(), text)
        },
      ),
      limit,
    )
  })
}
