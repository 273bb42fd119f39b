/** Every reader of the federation under random damage: only its own errors, and all alike to the sender. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import fc from 'fast-check'
import { createStore } from '#store'
import {
  buildDelegationRequest,
  readDelegationResponse,
  readFederationMetadata,
  readTokenResponse,
  SecurityFailure,
  TokenFault,
} from '#trust'
import { forge } from './federation-forge.ts'
import { createWorld, endpoints, makeKeys, open, receiver, secured, start } from './federation-world.ts'

const keys = await makeKeys()
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='

/** Opens it, which has to fail in the one way. */
function fails(message: string): void {
  try {
    open(message, receiver(keys))
  } catch (error) {
    assert.ok(error instanceof SecurityFailure, String((error as Error).stack))
    assert.deepEqual([error.text, error.faultcode], ['An error occurred when verifying security for the message.', 'wsse:InvalidSecurity'])
    assert.ok(error.step >= 4)
    return
  }
  assert.fail('it was believed')
}

for (const algorithms of ['sha256', 'legacy'] as const) {
  const token = forge({ signer: keys.sts, target: keys.contoso.certificate, algorithms })
  const parts = [...token.token.matchAll(/(?<=<xenc:CipherValue>)[^<]*/g)]

  test(`any change to the encrypted key or the ciphertext looks the same (${algorithms})`, () => {
    assert.equal(parts.length, 2)
    const change = fc.record({
      part: fc.constantFrom(0, 1),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      to: fc.constantFrom(...letters),
    })
    fc.assert(
      fc.property(change, ({ part, at, to }) => {
        const { index, 0: value } = parts[part] ?? assert.fail()
        const place = index + Math.floor(at * value.length)
        fc.pre(token.token[place] !== to)
        fails(secured({ ...token, token: token.token.slice(0, place) + to + token.token.slice(place + 1) }, { algorithms }))
      }),
      { numRuns: 100 },
    )
  })

  test(`any change to bytes under the key or the cipher looks the same (${algorithms})`, () => {
    const change = fc.record({ part: fc.constantFrom(0, 1), at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }), cut: fc.boolean() })
    fc.assert(
      fc.property(change, ({ part, at, flip, cut }) => {
        const { index, 0: value } = parts[part] ?? assert.fail()
        const bytes = Buffer.from(value, 'base64')
        const place = at % bytes.length
        bytes.writeUInt8(bytes.readUInt8(place) ^ flip, place)
        const changed = (cut ? bytes.subarray(0, place) : bytes).toString('base64')
        fails(secured({ ...token, token: token.token.slice(0, index) + changed + token.token.slice(index + value.length) }, { algorithms }))
      }),
      { numRuns: 100 },
    )
  })

  test(`the last blocks of the ciphertext, where padding is, look the same (${algorithms})`, () => {
    const { index, 0: value } = parts[1] ?? assert.fail()
    for (let flip = 1; flip < 256; flip += 5) {
      const bytes = Buffer.from(value, 'base64')
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 17) ^ flip, bytes.length - 17)
      fails(
        secured(
          { ...token, token: token.token.slice(0, index) + bytes.toString('base64') + token.token.slice(index + value.length) },
          { algorithms },
        ),
      )
    }
  })

  test(`any change anywhere is refused or changes nothing that was signed (${algorithms})`, () => {
    const message = Buffer.from(secured(token, { algorithms }))
    const { claims } = open(message, receiver(keys))
    fc.assert(
      fc.property(fc.nat(message.length - 1), fc.integer({ min: 0, max: 255 }), (place, to) => {
        const changed = Buffer.from(message)
        changed.writeUInt8(to, place)
        try {
          assert.deepEqual(open(changed, receiver(keys)).claims, claims)
        } catch (error) {
          assert.ok(error instanceof SecurityFailure, String((error as Error).stack))
        }
      }),
      { numRuns: 200 },
    )
  })
}

test('damaged answers are TokenFaults, damaged requests are faults', async () => {
  const store = await createStore({ path: ':memory:', clock: () => start })
  const world = await createWorld(store, keys)
  const request = Buffer.from(world.request())
  const response = Buffer.from((await world.gateway.answerTokenRequest(Buffer.from(world.request()))).body)
  const metadata = Buffer.from(await world.gateway.metadata())
  const context = { to: endpoints.delegation, now: start, newId: randomUUID }
  const call = Buffer.from(
    buildDelegationRequest('GetDomainInfo', { appId: world.fabrikam, domainName: 'fabrikam.test' }, keys.fabrikam, context),
  )
  const damaged = (bytes: Buffer, place: number, to: number, cut: boolean): Buffer => {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(to, place % bytes.length)
    return cut ? changed.subarray(0, place % bytes.length) : changed
  }
  const damage = [fc.nat(), fc.integer({ min: 0, max: 255 }), fc.boolean()] as const
  fc.assert(
    fc.property(...damage, (place, to, cut) => {
      for (const read of [
        () => readTokenResponse(damaged(response, place, to, cut)),
        () => readFederationMetadata(damaged(metadata, place, to, cut)),
        () => readDelegationResponse(damaged(response, place, to, cut)),
      ]) {
        try {
          read()
        } catch (error) {
          assert.ok(error instanceof TokenFault, String((error as Error).stack))
        }
      }
    }),
    { numRuns: 200 },
  )
  await fc.assert(
    fc.asyncProperty(...damage, async (place, to, cut) => {
      const answers = [
        await world.gateway.answerTokenRequest(damaged(request, place, to, cut)),
        await world.gateway.answerDelegation(damaged(call, place, to, cut)),
      ]
      for (const { status, body } of answers) assert.ok(status === 200 || (status === 500 && body.includes('Fault')), body)
    }),
    { numRuns: 100 },
  )
  await store.close()
})
