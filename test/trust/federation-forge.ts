/** Makes tokens and messages that no honest party would make. */
import { randomUUID, type X509Certificate } from 'node:crypto'
import type { IssuedToken, KeyPair } from '#trust'
import { assertion, type AssertionFields } from '../../src/trust/federation/assertion.ts'
import { encryptedKey, encryptElement } from '../../src/trust/federation/encrypt.ts'
import { element, write, type Markup } from '../../src/trust/federation/markup.ts'
import { freeBusyAction, nameFormats, type Algorithms } from '../../src/trust/federation/names.ts'
import { signEnveloped } from '../../src/trust/federation/sign.ts'
import { issuer, minute, random, start } from './federation-world.ts'

export interface Forgery {
  signer: KeyPair
  /** Who can read the token and its key. */
  target: X509Certificate
  fields?: Partial<AssertionFields>
  /** Changes the assertion before it is signed. */
  edit?: (node: Markup) => Markup
  /** Changes the text of the signed assertion before it is encrypted. */
  tamper?: (xml: string) => string
  algorithms?: Algorithms
}

/** A token as the STS would make it, but for what is asked for. */
export function forge({
  signer,
  target,
  fields = {},
  edit = (node) => node,
  tamper = (xml) => xml,
  algorithms = 'sha256',
}: Forgery): IssuedToken {
  const proofKey = Buffer.from(random(32))
  const id = fields.id ?? `uuid-${randomUUID()}`
  const node = assertion({
    id,
    issuer,
    audience: 'FYDIBOHF25SPDLT.contoso.test',
    issued: start,
    expires: start + 10 * minute,
    nameId: { format: nameFormats.opaque, value: 'mary@FYDIBOHF25SPDLT.fabrikam.test' },
    proof: encryptedKey(proofKey, target),
    attributes: { EmailAddress: ['mary@fabrikam.test'], action: [freeBusyAction] },
    ...fields,
  })
  const xml = tamper(write(signEnveloped(edit(node), id, signer, algorithms)))
  return { token: encryptElement(xml, target, { algorithms, random }), assertionId: id, proofKey, expires: start + 10 * minute }
}

export { element, write }
