import type { Recipient } from '#directory'
import { Refusal } from '#model'
import * as take from '../registry/parameter.ts'
import type { Change, RecipientProperty, Where } from './property.ts'

/** `SMTP:mary@contoso.com` is the address alone. */
export function plainAddress(written: string): string {
  return written.trim().replace(/^smtp:/i, '')
}

const typed = (address: string) => (/^[a-z][a-z0-9]{1,8}:/i.test(address.trim()) ? address.trim() : `smtp:${address.trim()}`)
const isPrimary = (proxy: string) => proxy.startsWith('SMTP:')
const mostAddresses = 500

/**
 * `EmailAddresses`: the whole list, of which the one with `SMTP:` (or else the first) is the primary address, or what to add and remove. The
 * primary address cannot be taken away, only replaced (`@{Add='SMTP:new@…'}`).
 */
export function emailAddresses(where: Where): RecipientProperty {
  return {
    name: 'EmailAddresses',
    ...where,
    parameter: take.optional(take.listChange(take.string())),
    get: ({ proxyAddresses }) => proxyAddresses,
    set: (value): Change => {
      const asked = value as take.ListChange<string>
      const change = Array.isArray(asked) ? asked.map(typed) : { Add: asked.Add.map(typed), Remove: asked.Remove.map(typed) }
      return (current) => addressesAfter(current, change)
    },
  }
}

function addressesAfter(current: Recipient, change: take.ListChange<string>): Partial<Recipient> {
  const whole = Array.isArray(change)
  const added = whole ? change : change.Add
  const primary = added.filter(isPrimary)
  if (primary.length > 1) throw unfit(`it has more than one primary address: ${primary.slice(0, 3).join(', ')}`)
  const wanted = new Set(added.map((one) => one.toLowerCase()))
  // An address given as another's equal in capitals takes its place.
  const kept = whole ? [] : take.changedList(current.proxyAddresses, { Add: [], Remove: [...change.Remove, ...added] })
  const proxyAddresses = [...kept, ...added]
  const first = proxyAddresses.find((one) => /^smtp:/i.test(one))
  const named = primary[0] ?? (whole ? first : undefined)
  if (proxyAddresses.length > mostAddresses) throw unfit(`a recipient has at most ${mostAddresses} addresses`)
  if (named === undefined) {
    const own = `smtp:${current.address}`
    const there = wanted.has(own) || kept.some((one) => one.toLowerCase() === own)
    if (whole || !there) throw unfit(`the primary address ${current.address} cannot be taken away; add another as SMTP:… first`)
  }
  const address = named === undefined ? current.address : plainAddress(named)
  // Whatever was primary is another address from now on; which is, says `address`.
  return { address, proxyAddresses: proxyAddresses.map((one) => one.replace(/^SMTP:/, 'smtp:')) }
}

function unfit(what: string): Refusal {
  return new Refusal('InvalidParameter', `-EmailAddresses cannot be so: ${what}.`, { parameter: 'EmailAddresses' })
}

/** The primary address by another name of its parameter. */
export function primaryAddress(name: string, where: Where): RecipientProperty {
  return {
    name,
    ...where,
    parameter: take.optional(take.string()),
    get: ({ address }) => address,
    set: (value) => () => ({ address: plainAddress(String(value)) }),
  }
}

/** Where mail goes on to, shown with its type. `keeps` = the address is one of the recipient's own too. */
export function outsideAddress(
  name: string,
  field: 'externalAddress' | 'forwardingAddress',
  where: Where,
  keeps = false,
): RecipientProperty {
  return {
    name,
    ...where,
    parameter: field === 'forwardingAddress' ? take.optional(take.nullable(take.string())) : take.optional(take.string()),
    get: (recipient) => (recipient[field] ? `${field === 'forwardingAddress' ? 'smtp' : 'SMTP'}:${recipient[field]}` : null),
    set: (value) => {
      const address = value === null ? '' : plainAddress(String(value)).toLowerCase()
      if (address !== '' && !/^[^\s@<>"(),:;[\]\\]{1,64}@[^\s@<>"(),:;[\]\\]{1,253}$/.test(address)) {
        throw new Refusal('InvalidSmtpAddress', `'${address.slice(0, 100)}' is not an SMTP address.`, { parameter: name })
      }
      return (current) => ({
        [field]: address === '' ? undefined : address,
        ...(keeps && address ? { proxyAddresses: [...new Set([...current.proxyAddresses, `smtp:${address}`])] } : {}),
      })
    },
  }
}
