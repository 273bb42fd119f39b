import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cmdlet, masked, parameter as take, type Cmdlet } from '#admin'
import { Refusal, type Caller } from '#model'
import { desk, refusal } from './desk.ts'

/** Gives back what it was called with. */
const echo: Cmdlet = cmdlet('Set-Echo', {
  summary: 'Gives back what it is called with.',
  roles: ['Mail Tips'],
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0 }),
    Second: take.optional(take.string(), { position: 1 }),
    Enabled: take.optional(take.boolean()),
    EnabledLater: take.optional(take.boolean()),
    Loud: take.optional(take.switched()),
    Level: take.optional(take.oneOf(['Low', 'High'])),
    Number: take.optional(take.number(), { fallback: 7 }),
    Most: take.optional(take.count()),
    Words: take.optional(take.listChange(take.string())),
    Id: take.optional(take.guid()),
    Where: take.optional(take.uri()),
    When: take.optional(take.instant()),
    Text: take.optional(take.nullable(take.string())),
    Password: take.optional(take.secureString()),
    Credentials: take.optional(take.credential()),
  },
  run: async (args) => ({ ...args }),
})
const removeEcho: Cmdlet = cmdlet('Remove-Echo', {
  summary: 'Takes something away.',
  roles: ['Mail Tips'],
  destroys: true,
  parameters: { Identity: take.mandatory(take.identity(), { position: 0 }) },
  run: async () => ({ done: true }),
})
const stream: Cmdlet = cmdlet('Get-Stream', {
  summary: 'Gives objects for ever.',
  roles: [],
  parameters: {},
  async *run() {
    for (let number = 1; ; number++) yield { number }
  },
})
const broken: Cmdlet = cmdlet('Get-Broken', {
  summary: 'Has a bug.',
  roles: [],
  parameters: {},
  run: () => Promise.reject(new TypeError('a bug')),
})
const open = () => desk(undefined, [echo, removeEcho, stream, broken])

test('parameters come by name, prefix, position and default, in their types', async () => {
  await using site = await open()
  const cases: [string, Record<string, unknown>][] = [
    ['set-echo a', { Identity: 'a', Number: 7 }],
    ['Set-Echo -identity a b -LOUD', { Identity: 'a', Second: 'b', Loud: true, Number: 7 }],
    ['Set-Echo -Second b a', { Identity: 'a', Second: 'b', Number: 7 }],
    [
      'Set-Echo a -Loud:$false -Enabled $false -EnabledL true',
      { Identity: 'a', Loud: false, Enabled: false, EnabledLater: true, Number: 7 },
    ],
    ['Set-Echo a -Lev hIGH -Num 12 -Most Unlimited', { Identity: 'a', Level: 'High', Number: 12, Most: 'Unlimited' }],
    ['Set-Echo a -Words x,y', { Identity: 'a', Words: ['x', 'y'], Number: 7 }],
    ["Set-Echo a -Words @{add='x';REMOVE='y','z'}", { Identity: 'a', Words: { Add: ['x'], Remove: ['y', 'z'] }, Number: 7 }],
    ['Set-Echo a -When 4/17/2013', { Identity: 'a', When: Date.UTC(2013, 3, 17), Number: 7 }],
    ["Set-Echo a -When '4/17/2013 1:05 PM'", { Identity: 'a', When: Date.UTC(2013, 3, 17, 13, 5), Number: 7 }],
    ['Set-Echo a -When 2030-01-31T08:00:00+01:00', { Identity: 'a', When: Date.UTC(2030, 0, 31, 7), Number: 7 }],
    ['Set-Echo a -Text $null', { Identity: 'a', Text: null, Number: 7 }],
    ['Set-Echo a -Text 007', { Identity: 'a', Text: '007', Number: 7 }],
    ["Set-Echo a -Credentials @{username='u'; Password='p'}", { Identity: 'a', Credentials: { UserName: 'u', Password: 'p' }, Number: 7 }],
    ['Set-Echo a -ErrorAction Stop -Verbose -DomainController dc1', { Identity: 'a', Number: 7 }],
  ]
  for (const [line, expected] of cases) assert.deepEqual(await site.run(line), [expected], line)
  const given = { identity: 'a', Most: 5, Words: { Add: 'x' }, Enabled: true, Text: null }
  assert.deepEqual(await Array.fromAsync(site.admin.invoke(site.system, 'SET-ECHO', given)), [
    { Identity: 'a', Most: 5, Words: { Add: ['x'], Remove: [] }, Enabled: true, Text: null, Number: 7 },
  ])
})

test('what does not fit is refused by parameter and expectation', async () => {
  await using site = await open()
  const cases: [string, RegExp][] = [
    ['Set-Echo', /Set-Echo needs -Identity/],
    ['Set-Echo a b c', /no place for the value 'c'/],
    ['Set-Echo a -Identity b -Identity c', /-Identity of Set-Echo is given twice/],
    ['Set-Echo a -En $true', /-En of Set-Echo can be -Enabled, -EnabledLater: write more/],
    ['Set-Echo a -Colour red', /no parameter -Colour\.$/],
    ['Set-Echo a -Levle High', /no parameter -Levle\. Near it: -Level/],
    ['Set-Echo a -constructor High', /no parameter -constructor/],
    ['Set-Echo a -Level Middle', /-Level of Set-Echo must be one of Low, High: 'Middle' is not/],
    ['Set-Echo a -Level', /-Level of Set-Echo needs a value/],
    ['Set-Echo a -Level -Loud', /-Level of Set-Echo needs a value/],
    ['Set-Echo a -Enabled perhaps', /\$true or \$false: 'perhaps'/],
    ['Set-Echo a -Number 1.5', /a whole number/],
    ['Set-Echo a -Most 0', /a number from 1, or Unlimited/],
    ['Set-Echo a -Words @{Put=1}', /@\{Add=…; Remove=…\}/],
    ['Set-Echo a -Id 12', /a GUID/],
    ["Set-Echo a -Where 'a b'", /a URI/],
    ['Set-Echo a -When 2/30/2030', /a date/],
    ['Set-Echo a -When 2030-13-01', /a date/],
    ['Set-Echo $null', /-Identity of Set-Echo must be a value: \$null is none/],
    ["Set-Echo ''", /the name of an object/],
    ['Set-Echo a -Text x,y', /-Text of Set-Echo must be text/],
    ["Set-Echo a -Credentials @{UserName='u'}", /a user name and a password/],
    ['Get-Stream -WhatIf', /no parameter -WhatIf/],
  ]
  for (const [line, message] of cases) await assert.rejects(site.run(line), refusal('InvalidParameter', message), line)
  const invoke = (name: string) => Array.fromAsync(site.admin.invoke(site.system, name, {}))
  await assert.rejects(invoke('Set-Ecko'), refusal('CmdletNotFound', /There is no cmdlet 'Set-Ecko'\. Near it: Set-Echo/))
  await assert.rejects(invoke('Get-OrganisationRelationship'), refusal('CmdletNotFound', /Near it: Get-OrganizationRelationship/))
  await assert.rejects(invoke('Frobnicate'), refusal('CmdletNotFound', /'Frobnicate'\.$/))
})

test('who may: the system, Organization Management, holders of a role of the cmdlet; nobody else', async () => {
  await using site = await open()
  const { boss, sharer, mary, organisation } = site
  const line = 'Get-OrganizationRelationship'
  for (const caller of [boss, sharer]) assert.deepEqual(await site.run(line, caller), [])
  const partner: Caller = {
    ...mary,
    kind: 'partner',
    partner: { address: 'a@x.com', domain: 'x.com', by: 'x', freeBusy: 'None', mailTips: 'None' },
  }
  const anonymous: Caller = { ...mary, kind: 'anonymous', recipient: '' }
  const acting: Caller = { ...boss, actor: { recipient: mary.recipient, address: mary.address } }
  const elsewhere: Caller = { ...boss, organisation: '0a0a0a0a-0000-4000-8000-000000000009' }
  for (const caller of [mary, partner, anonymous, acting, elsewhere]) {
    await assert.rejects(site.run(line, caller), refusal('AccessDenied', /holders of the role 'Federated Sharing'/))
  }
  await assert.rejects(site.run('Get-SendConnector', sharer), refusal('AccessDenied'))
  // What is asked for is not looked at before the right is.
  await assert.rejects(Array.fromAsync(site.admin.invoke(mary, 'Set-Echo', { Colour: 'red' })), refusal('AccessDenied'))
  await site.roles.give(organisation, mary.recipient, ['Mail Tips'])
  assert.deepEqual(await site.run('Set-Echo a', mary), [{ Identity: 'a', Number: 7 }])
})

test('each invocation is in the audit log once, without its secrets', async () => {
  await using site = await open()
  const last = () => site.audit.at(-1)!
  site.audit.length = 0
  await site.run("Set-Echo a -Pass 'top secret' -Cred @{UserName='u';Password='top secret'} -Text seen", site.boss)
  const { parameters, ...rest } = last()
  assert.deepEqual(rest, {
    event: 'cmdlet',
    organisation: site.organisation,
    who: 'boss@contoso.com',
    cmdlet: 'Set-Echo',
    whatIf: false,
    objectModified: 'a',
    outcome: 'ok',
    ms: 0,
  })
  assert.deepEqual(parameters, { Identity: 'a', Password: masked, Credentials: masked, Text: 'seen' })
  const invoke = (name: string, args: Record<string, unknown>) => Array.fromAsync(site.admin.invoke(site.system, name, args))
  await assert.rejects(invoke('Set-Echo', { Identity: 'a', Passwort: 'top secret' }), refusal('InvalidParameter'))
  await assert.rejects(invoke('New-Nothing', { Password: 'top secret' }), refusal('CmdletNotFound'))
  await assert.rejects(site.run("Set-Echo a -Credentials 'top secret'"), (error) => {
    assert.ok(error instanceof Refusal && !error.message.includes('secret'))
    return true
  })
  await assert.rejects(site.run('Get-Broken'), TypeError)
  assert.equal(last().outcome, 'InternalServerError')
  await assert.rejects(site.run('Get-OrganizationRelationship', site.mary), refusal('AccessDenied'))
  assert.deepEqual([last().who, last().outcome], ['mary@contoso.com', 'AccessDenied'])
  for await (const one of site.admin.invoke(site.system, 'Get-Stream', {})) if ((one as { number: number }).number === 3) break
  assert.deepEqual([last().cmdlet, last().who, last().outcome], ['Get-Stream', 'System', 'ok'])
  assert.equal(site.audit.length, 7)
  assert.ok(!JSON.stringify(site.audit).includes('top secret'), JSON.stringify(site.audit))
})

test('-WhatIf changes nothing and says what would be done; -Confirm asks whom there is to ask', async () => {
  await using site = await open()
  const { admin, system } = site
  assert.deepEqual(await site.run("Set-Echo 'To online' -WhatIf"), [])
  assert.deepEqual(site.warnings, ["What if: Set-Echo on 'To online'."])
  assert.equal(site.audit.at(-1)!.whatIf, true)
  assert.deepEqual(await site.run('Set-Echo a -wi:$false'), [{ Identity: 'a', Number: 7 }])
  assert.deepEqual(await site.run('Remove-Echo a'), [{ done: true }])
  assert.deepEqual(await site.run('Remove-Echo a -Confirm:$false'), [{ done: true }])
  const unasked = Array.fromAsync(admin.invoke(system, 'Remove-Echo', { Identity: 'a', Confirm: true }))
  await assert.rejects(unasked, refusal('InvalidParameter', /nobody can be asked/))
  // The shell asks by itself; here its input has ended.
  site.warnings.splice(0)
  assert.deepEqual(await site.run('Remove-Echo a -Confirm'), [])
  assert.match(site.warnings.join(), /^Nobody answers: Remove-Echo on 'a' is not done/)
  const asked: string[] = []
  const asking = (answer: boolean) => ({
    confirm: async (question: string) => {
      asked.push(question)
      return answer
    },
    warn: (text: string) => void asked.push(text),
  })
  assert.deepEqual(await Array.fromAsync(admin.invoke(system, 'Remove-Echo', { Identity: 'a' }, asking(true))), [{ done: true }])
  assert.deepEqual(await Array.fromAsync(admin.invoke(system, 'Remove-Echo', { Identity: 'a' }, asking(false))), [])
  assert.deepEqual(await Array.fromAsync(admin.invoke(system, 'Remove-Echo', { Identity: 'a', Confirm: false }, asking(false))), [
    { done: true },
  ])
  assert.deepEqual(asked, ["Remove-Echo on 'a'?", "Remove-Echo on 'a'?", "Not done: Remove-Echo on 'a'."])
})

test('a cmdlet of another room takes the place of ours of the same name', async () => {
  const other = cmdlet('Set-FederationTrust', { summary: 'Other.', roles: [], parameters: {}, run: async () => ({ other: true }) })
  await using site = await desk(undefined, [other])
  assert.deepEqual(await site.run('Set-FederationTrust'), [{ other: true }])
  assert.equal(site.admin.cmdlets.filter(({ name }) => name === 'Set-FederationTrust').length, 1)
})

test('a value of $null, -Force and the common parameters do not disturb a cmdlet that has them not', async () => {
  await using site = await open()
  assert.deepEqual(await site.run('Set-Echo a -Force -WarningAction SilentlyContinue -Verbose:$false'), [{ Identity: 'a', Number: 7 }])
  assert.deepEqual(await site.run('Remove-Echo -Force a'), [{ done: true }])
})

test('whatever a cmdlet is called with, it answers or refuses', async () => {
  await using site = await desk()
  const { admin, system } = site
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      'a.com',
      'x\ud800',
      '\0',
      'To online',
      true,
      false,
      null,
      -1,
      2 ** 60,
      ['a.com'],
      { Add: ['b.com'] },
      { UserName: 'u', Password: 'p' },
    ),
    fc.anything({ maxDepth: 2 }),
  )
  const calls = fc.constantFrom(...admin.cmdlets).chain(({ name, parameters }) => {
    const known = fc.constantFrom('Colour', 'Confirm', ...Object.keys(parameters))
    const needed = Object.entries(parameters).filter(([, { given }]) => given === 'mandatory')
    const base = fc.tuple(...needed.map(([parameter]) => fc.tuple(fc.constant(parameter), odd)))
    return fc.tuple(fc.constant(name), base, fc.array(fc.tuple(known, odd), { maxLength: 3 }))
  })
  await fc.assert(
    fc.asyncProperty(calls, async ([name, needed, more]) => {
      // Real keys take long to make.
      if (name === 'New-ExchangeCertificate') return
      const before = site.audit.length
      try {
        await Array.fromAsync(admin.invoke(system, name, Object.fromEntries([...needed, ...more])))
      } catch (error) {
        assert.ok(error instanceof Refusal, `${name}: ${(error as Error).stack}`)
      }
      assert.equal(site.audit.length, before + 1)
    }),
    { numRuns: 1500 },
  )
})
