/** The two premises as the wizard works on them. */
import type { HybridPlan, Side } from '#hybrid'
import type { WebContext } from '../verb.ts'
import type { Online, plan } from './answers.ts'
import type { z } from 'zod'

export const wizardCmdlet = 'Update-HybridConfiguration'

/** Who may not run the wizard → AccessDenied; who has not shown a second factor → SecondFactorRequired. */
export const requireWizard = async ({ admin, caller }: WebContext): Promise<void> => void (await admin.standing(caller, wizardCmdlet))

/** This site, with the rights of whoever is signed in. */
export const sideHere = ({ admin, caller, request }: WebContext): Side => ({
  name: 'on-premises',
  invoke: async (cmdlet, args) =>
    (await Array.fromAsync(admin.invoke(caller, cmdlet, args, { signal: request.signal }))) as Record<string, unknown>[],
})

/** The online organisation, over its REST administration with the token of its administrator. */
export const sideOnline = (
  { wizard, request }: WebContext,
  { url, organisation, token }: Online,
  warn: (text: string) => void = () => undefined,
): Side => wizard.tenantSide({ url, organisation, authorization: `Bearer ${token}` }, { warn, signal: request.signal })

/** A plan without what was left out. */
export function planOf({ onPremises, online, ...rest }: z.output<typeof plan>): HybridPlan {
  const { mail, certificate, ...here } = onPremises
  return {
    ...rest,
    onPremises: { ...here, ...(mail ? { mail } : {}), ...(certificate ? { certificate } : {}) },
    online: { url: online.url, ...(online.mail ? { mail: online.mail } : {}) },
  }
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
