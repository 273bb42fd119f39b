import type { Configuration } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import { remembered } from './remembered.ts'

/** Refuses (AccessDenied) a client that the organisation keeps off EWS. */
export type EwsPolicy = (caller: Caller, userAgent: string) => Promise<void>

/**
 * Set-OrganizationConfig -EwsEnabled, -EwsApplicationAccessPolicy, -EwsAllowList, -EwsBlockList: with EnforceAllowList only programs whose
 * User-Agent is in the list come in, with EnforceBlockList all but those; `*` stands for any text.
 */
export function createEwsPolicy({ configuration, clock }: { configuration: Pick<Configuration, 'get'>; clock: () => Instant }): EwsPolicy {
  const read = remembered<Awaited<ReturnType<typeof configuration.get<'OrganizationConfig'>>>>(clock)
  return async ({ organisation }, userAgent) => {
    const config = await read(organisation, () => configuration.get(organisation, 'OrganizationConfig'))
    if (config.EwsEnabled === false) throw new Refusal('AccessDenied', 'Exchange Web Services are switched off in this organisation.')
    const named = (list: readonly string[]) => list.some((pattern) => fits(userAgent, pattern))
    const policy = config.EwsApplicationAccessPolicy
    const barred =
      (policy === 'EnforceAllowList' && !named(config.EwsAllowList)) || (policy === 'EnforceBlockList' && named(config.EwsBlockList))
    if (barred) throw new Refusal('AccessDenied', `The organisation does not let '${userAgent.slice(0, 100)}' use Exchange Web Services.`)
  }
}

/** Without regard to case; time grows with the length of both alone. */
function fits(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  const folded = text.toLowerCase()
  if (!folded.startsWith(first)) return false
  const last = rest.pop()
  if (last === undefined) return folded === first
  let at = first.length
  for (const part of rest) {
    const found = folded.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return folded.length - last.length >= at && folded.endsWith(last)
}
