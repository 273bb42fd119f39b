import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import { createSignInRules, type CodeSender, type SecondFactorEvent, type SignInRules } from '#access'
import { createConfiguration, createDirectory, type Recipient } from '#directory'
import { openVault } from '#trust'
import { refusal } from '../admin/desk.ts'
import { engines, quickEngines, type TestEngine } from '../support/engines.ts'

const here = { remoteAddress: '192.0.2.1' }
const elsewhere = { remoteAddress: '198.51.100.7' }
const step = 30_000

interface Bench extends AsyncDisposable {
  rules: SignInRules
  mary: Recipient
  clock: { now: number }
  waits: number[]
  events: SecondFactorEvent[]
  sent: { number: string; code: string }[]
  /** Sets up an authenticator; makes its codes. */
  authenticator(name?: string): Promise<(at?: number) => string>
}

async function bench(engine: TestEngine): Promise<Bench> {
  const store = await engine.open()
  const clock = { now: Date.UTC(2030, 0, 7, 9) }
  const needs = { store, clock: () => clock.now, random: (size: number) => randomBytes(size) }
  const vault = await openVault({ random: needs.random })
  const directory = createDirectory({ ...needs, passwordCost: { memory: 64, passes: 1 } })
  const configuration = createConfiguration({ ...needs, ...vault })
  const { id } = await directory.createOrganisation({ name: 'Contoso', defaultDomain: 'contoso.com' })
  const mary = await directory.create(id, { kind: 'UserMailbox', alias: 'mary', displayName: 'Mary Jensen' })
  const [waits, events, sent]: [number[], SecondFactorEvent[], Bench['sent']] = [[], [], []]
  const sender: CodeSender = { kind: 'text', send: async (number, code) => void sent.push({ number, code }) }
  const rules = createSignInRules({
    ...{ ...needs, directory, configuration, vault, senders: [sender] },
    wait: async (ms) => void waits.push(ms),
    audit: (event) => void events.push(event),
    isAdministrator: async () => false,
  })
  return {
    ...{ rules, mary, clock, waits, events, sent },
    async authenticator(name = 'Telephone') {
      const secret = rules.factors.newSecret()
      const codeAt = (at = clock.now) => new TOTP({ secret }).generate({ timestamp: at })
      await rules.factors.addAuthenticator(mary, { secret, code: codeAt(), name })
      clock.now += step
      return codeAt
    },
    [Symbol.asyncDispose]: () => store.close(),
  }
}

for (const engine of quickEngines) {
  test(`a code is good once, in its half minute and the ones beside it (${engine.name})`, async () => {
    await using site = await bench(engine)
    const { rules, mary, clock } = site
    const codeAt = await site.authenticator()
    const prove = (code: string) => rules.factors.prove(mary, { by: 'authenticator', code }, here)
    await prove(codeAt())
    await assert.rejects(prove(codeAt()), refusal('Unauthenticated'), 'replayed')
    await assert.rejects(prove(codeAt(clock.now - step)), refusal('Unauthenticated'), 'older than the last')
    await prove(` ${codeAt(clock.now + step).replace(/(...)/, '$1 ')}`)
    clock.now += 3 * step
    await assert.rejects(prove(codeAt(clock.now - 2 * step)), refusal('Unauthenticated'), 'too old')
    await assert.rejects(prove(codeAt(clock.now + 2 * step)), refusal('Unauthenticated'), 'not yet')
    for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６', 'x'.repeat(100_000)]) await assert.rejects(prove(code))
  })

  test(`many at once with one code: one gets in (${engine.name})`, async () => {
    await using site = await bench(engine)
    const codeAt = await site.authenticator()
    const code = codeAt()
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, (_, at) =>
        site.rules.factors.prove(site.mary, { by: 'authenticator', code }, { remoteAddress: `192.0.2.${at}` }),
      ),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  })

  test(`guessing locks the account: the right code is refused until the lock ends (${engine.name})`, async () => {
    await using site = await bench(engine)
    const { rules, mary, clock, waits, events } = site
    const codeAt = await site.authenticator()
    const token = await rules.factors.remember(mary, 'Firefox', 30)
    const guess = (code: string, place: object = here) =>
      rules.factors.prove(mary, { by: 'authenticator', code }, { ...elsewhere, ...place })
    for (let at = 0; at < 5; at++) await assert.rejects(guess('000000'), refusal('Unauthenticated'))
    await assert.rejects(guess(codeAt()), refusal('AccountLockedOut'))
    await assert.rejects(guess(codeAt(), elsewhere), refusal('AccountLockedOut'), 'from elsewhere too')
    await assert.rejects(rules.factors.prove(mary, { by: 'recovery', code: 'x' }, here), refusal('AccountLockedOut'), 'whatever is shown')
    // Whoever has the remembered device is not locked out by others.
    const device = await rules.factors.device(mary, token)
    assert.ok(device)
    await guess(codeAt(), { device })
    assert.ok(
      waits.slice(0, 5).every((ms, at, all) => at === 0 || ms >= all[at - 1]!),
      'each wrong one takes longer',
    )
    clock.now += 15 * 60_000
    await guess(codeAt())
    assert.deepEqual(new Set(events.map(({ action }) => action)), new Set(['added', 'remembered', 'refused', 'locked', 'shown']))
    assert.ok(!JSON.stringify(events).includes(codeAt()))
  })

  test(`many guesses at once are not looked at all together (${engine.name})`, async () => {
    await using site = await bench(engine)
    const codeAt = await site.authenticator()
    const codes = [...Array.from({ length: 40 }, (_, at) => String(at).padStart(6, '0')), codeAt()]
    const results = await Promise.allSettled(codes.map((code) => site.rules.factors.prove(site.mary, { by: 'authenticator', code }, here)))
    const locked = results.filter((each) => each.status === 'rejected' && (each.reason as { code: string }).code === 'AccountLockedOut')
    assert.equal(locked.length, codes.length - 5)
  })

  test(`ten recovery codes, each good once; new ones end the old (${engine.name})`, async () => {
    await using site = await bench(engine)
    const { rules, mary } = site
    await assert.rejects(rules.factors.renewRecoveryCodes(mary), refusal('InvalidOperation', /set one up first/))
    await site.authenticator()
    const codes = await rules.factors.renewRecoveryCodes(mary)
    assert.equal(new Set(codes).size, 10)
    const prove = (code: string) => rules.factors.prove(mary, { by: 'recovery', code }, here)
    await prove(codes[3]!)
    await prove(codes[4]!.toUpperCase().replaceAll('-', ' '))
    await assert.rejects(prove(codes[3]!), refusal('Unauthenticated'))
    assert.equal(await rules.factors.recoveryCodesLeft(mary), 8)
    const fresh = await rules.factors.renewRecoveryCodes(mary)
    await assert.rejects(prove(codes[0]!), refusal('Unauthenticated'))
    await prove(fresh[0]!)
  })

  test(`a code by text message: five minutes, three tries, to a number that was confirmed (${engine.name})`, async () => {
    await using site = await bench(engine)
    const { rules, mary, clock, sent } = site
    const { factors } = rules
    await assert.rejects(factors.addNumber(mary, { kind: 'call', number: '+49 30 5550101', name: '' }), refusal('InvalidOperation'))
    for (const number of ['030 5550101', '+0 12345678', '+49 30 abc', '']) {
      await assert.rejects(factors.addNumber(mary, { kind: 'text', number, name: '' }), refusal('InvalidArgument'), number)
    }
    await factors.addNumber(mary, { kind: 'text', number: '+49 (30) 555-0101', name: 'Mobile' })
    assert.deepEqual([sent.length, sent[0]?.number], [1, '+49305550101'])
    assert.match(sent[0]!.code, /^\d{6}$/)
    assert.deepEqual(await factors.list(mary), [], 'not before it is confirmed')
    await assert.rejects(factors.sendCode(mary, 'text'), refusal('InvalidOperation'))
    const wrong = (code: string) => (code === '000000' ? '000001' : '000000')
    await assert.rejects(factors.confirmNumber(mary, { kind: 'text', code: wrong(sent[0]!.code) }), refusal('InvalidArgument'))
    await factors.confirmNumber(mary, { kind: 'text', code: sent[0]!.code })
    assert.deepEqual(
      (await factors.list(mary)).map(({ kind, name }) => [kind, name]),
      [['text', 'Mobile']],
    )

    await assert.rejects(factors.sendCode(mary, 'text'), refusal('ServerBusy'), 'not twice in half a minute')
    const prove = (code: string) => factors.prove(mary, { by: 'text', code }, here)
    const send = async () => {
      clock.now += 4 * 60_000
      await factors.sendCode(mary, 'text')
      return sent.at(-1)!.code
    }
    const good = await send()
    await prove(good)
    await assert.rejects(prove(good), refusal('Unauthenticated'), 'used')
    const late = await send()
    clock.now += 5 * 60_000
    await assert.rejects(prove(late), refusal('Unauthenticated'), 'too late')
    clock.now += 15 * 60_000
    const guessed = await send()
    for (let at = 0; at < 3; at++) await assert.rejects(prove(wrong(guessed)), refusal('Unauthenticated'))
    await assert.rejects(prove(guessed), refusal('Unauthenticated'), 'three wrong ones end it')
  })

  test(`devices are remembered until their day, and taken away one by one (${engine.name})`, async () => {
    await using site = await bench(engine)
    const { rules, mary, clock } = site
    const [one, two] = [await rules.factors.remember(mary, 'Firefox', 30), await rules.factors.remember(mary, 'Edge', 30)]
    assert.equal((await rules.factors.device(mary, one))?.name, 'Firefox')
    assert.equal(await rules.factors.device(mary, `${one}x`), undefined)
    assert.equal(await rules.factors.device({ ...mary, id: '00000000-0000-4000-8000-000000000000' }, one), undefined)
    const [firefox] = await rules.factors.devices(mary)
    await rules.factors.remove(mary, firefox!.id)
    assert.equal(await rules.factors.device(mary, one), undefined)
    assert.ok(await rules.factors.device(mary, two))
    await assert.rejects(rules.factors.remove(mary, 'nothing'), refusal('ObjectNotFound'))
    clock.now += 30 * 86_400_000
    assert.equal(await rules.factors.device(mary, two), undefined)
    await rules.factors.remember(mary, 'Chrome', 30)
    await rules.sessions.revoke(mary)
    assert.deepEqual(await rules.factors.devices(mary), [])
  })
}

test('an authenticator is kept only with a code of it, and each has its own', async () => {
  await using site = await bench(engines[0]!)
  const { rules, mary, clock } = site
  const secret = rules.factors.newSecret()
  assert.match(secret, /^[A-Z2-7]{32}$/)
  await assert.rejects(rules.factors.addAuthenticator(mary, { secret, code: '000000', name: '' }), refusal('InvalidArgument'))
  const uri = new URL(rules.factors.uriOf(secret, 'Contoso', mary.address))
  assert.deepEqual(
    [uri.protocol, uri.host, uri.searchParams.get('secret'), uri.searchParams.get('issuer')],
    ['otpauth:', 'totp', secret, 'Contoso'],
  )
  const one = await site.authenticator('One')
  const two = await site.authenticator('Two')
  clock.now += 3 * step
  await rules.factors.prove(mary, { by: 'authenticator', code: one() }, here)
  await rules.factors.prove(mary, { by: 'authenticator', code: two() }, here)
  await rules.factors.reset(mary, 'admin@contoso.com')
  assert.deepEqual(await rules.factors.list(mary), [])
  assert.deepEqual(site.events.at(-1), {
    event: 'second-factor',
    action: 'reset',
    what: 'everything',
    organisation: mary.organisation,
    recipient: mary.address,
    by: 'admin@contoso.com',
  })
})

test('passkey answers that are none of ours are refused, whatever they are', async () => {
  await using site = await bench(engines[0]!)
  const { rules, mary } = site
  const party = { id: 'mail.contoso.com', origin: 'https://mail.contoso.com', name: 'Contoso' }
  const options = (await rules.passkeys.creation(mary, party)) as {
    challenge: string
    authenticatorSelection: { userVerification: string }
  }
  assert.equal(options.authenticatorSelection.userVerification, 'required')
  const data = (challenge: string) =>
    Buffer.from(JSON.stringify({ type: 'webauthn.create', challenge, origin: party.origin })).toString('base64url')
  const response = (clientDataJSON: string) =>
    JSON.stringify({ id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: { clientDataJSON, attestationObject: 'o2NmbXRkbm9uZQ' } })
  const answers = [
    '',
    '{}',
    '[]',
    'null',
    'x',
    '{"id":1}',
    response('!!'),
    response(data('short')),
    response(data('x'.repeat(43))),
    response(data(options.challenge)),
    'x'.repeat(100_000),
  ]
  for (const answer of answers) {
    await assert.rejects(
      rules.factors.addPasskey(mary, { response: answer, party, name: '' }),
      refusal('InvalidArgument'),
      answer.slice(0, 80),
    )
  }
  for (const answer of answers.slice(0, 4)) {
    await assert.rejects(rules.factors.prove(mary, { by: 'passkey', response: answer, party }, here), refusal('Unauthenticated'))
  }
})
