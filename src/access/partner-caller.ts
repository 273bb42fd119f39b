import type { Caller, Partner, Vouched } from '#model'

/** Somebody of another organisation who is nobody here: no groups, no mailbox, what the partner is given and no more. */
export function partnerCaller(organisation: string, partner: Partner, via: Vouched): Caller {
  const { address } = partner
  return { kind: 'partner', organisation, recipient: '', groups: [], address, name: address, partner, via }
}
