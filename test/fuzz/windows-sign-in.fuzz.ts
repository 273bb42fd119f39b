/** Feeds the readers of NTLM's messages, SPNEGO, Kerberos' messages and keytabs with changed samples and chance: they answer or refuse, in time. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { Refusal } from '#model'
import { readApReq, readAuthenticator, readTicket } from '../../src/access/negotiate/ap-req.ts'
import { createKerberos } from '../../src/access/negotiate/kerberos.ts'
import { readKeytab } from '../../src/access/negotiate/keytab.ts'
import { openToken } from '../../src/access/negotiate/spnego.ts'
import { readNtlm, writeChallenge } from '../../src/access/ntlm/messages.ts'
import { kerberosToken, writeKeytab, type TestKey } from '../support/keytab.ts'
import { authenticateMessage, negotiateMessage } from '../support/ntlm-client.ts'
import { dice, mutate, seconds, seed } from './mutate.ts'

const tooLong = 200
const now = Date.now()
const key: TestKey = { realm: 'CONTOSO.COM', service: 'HTTP/mail.contoso.com', version: 1, etype: 18, key: randomBytes(32) }
const directory = { find: async () => undefined, recipientOfUpn: async () => undefined, acceptedDomain: async () => undefined }
const acceptor = createKerberos({ keys: [key], directory, clock: () => now, random: randomBytes })
const challenge = writeChallenge(1, randomBytes(8), { computer: 'mail.contoso.com', domain: 'contoso.com', now })
const tokens = [{}, { bare: true }, { mutual: false }].map((wishes) => kerberosToken({ now, key, ...wishes }))
const requests = tokens.map((token) => openToken(token).message)

/** Each with samples, and whether a plain Error too is an answer (of the keytab, which an administrator gives). */
const readers: Record<string, { corpus: Buffer[]; read: (input: Buffer) => unknown; errors?: RegExp }> = {
  NTLM: { corpus: [negotiateMessage, challenge, authenticateMessage(negotiateMessage, challenge, { password: 'x' })], read: readNtlm },
  SPNEGO: { corpus: tokens, read: openToken },
  'AP-REQ': { corpus: requests, read: readApReq },
  'ticket and authenticator': { corpus: requests, read: (input) => [refusable(readTicket, input), refusable(readAuthenticator, input)] },
  acceptor: { corpus: tokens, read: (input) => acceptor.accept(input, '127.0.0.1') },
  keytab: { corpus: [writeKeytab([key, { ...key, etype: 17, key: randomBytes(16) }])], read: readKeytab, errors: /no keytab/ },
}

function refusable(read: (input: Buffer) => unknown, input: Buffer): unknown {
  try {
    return read(input)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

for (const [name, { corpus, read, errors }] of Object.entries(readers)) {
  test(`${name}: mutations of ${corpus.length} samples`, (context) => {
    context.diagnostic(`seed ${seed}`)
    const random = dice(seed)
    const end = performance.now() + (seconds * 1000 * 0.2) / Object.keys(readers).length
    let count = 0
    for (; performance.now() < end; count++) {
      const input = random.below(10) === 0 ? Buffer.from(randomBytes(random.below(300))) : mutate(random, corpus)
      const begun = performance.now()
      try {
        read(input)
      } catch (error) {
        const expected = error instanceof Refusal || (error instanceof Error && errors?.test(error.message))
        assert.ok(expected, `seed ${seed}, input ${count}: ${(error as Error).stack}\n${input.subarray(0, 2000).toString('base64')}`)
      }
      const took = performance.now() - begun
      assert.ok(took < tooLong, `seed ${seed}, input ${count}: took ${Math.round(took)} ms\n${input.subarray(0, 2000).toString('base64')}`)
    }
    context.diagnostic(`${count} inputs`)
  })
}
