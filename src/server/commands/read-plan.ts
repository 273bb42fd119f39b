import { z } from 'zod'
import { hasTrust, type HybridPlan } from '#hybrid'
import { domain } from '../config.ts'
import { StartProblem } from '../start-problem.ts'
import { readJson } from './read-config.ts'

// As the wizard compares them with what the cmdlets show: names in lower case, addresses without a path.
const domainName = domain.toLowerCase()
const address = z.url({ protocol: /^https$/, error: 'expected an address such as https://mail.contoso.com' }).transform((text, context) => {
  const url = new URL(text)
  if (url.href !== `${url.origin}/`) {
    context.addIssue({ code: 'custom', message: `expected an address without a path or anything else behind the host: ${url.origin}` })
  }
  return url.origin
})

const planFile = z
  .strictObject({
    domains: z
      .array(domainName)
      .min(1)
      .transform((names) => [...new Set(names)]),
    onlineDomain: domainName,
    authService: address,
    onPremises: z.strictObject({ url: address, autodiscover: address, mail: domainName.optional() }),
    online: z.strictObject({ url: address, mail: domainName.optional() }),
    features: z.array(z.string()).default(['FreeBusy', 'MailTips', 'SecureMail']),
    federation: z.boolean().default(true),
    oauth: z.boolean().default(true),
  })
  .refine(hasTrust, { path: ['oauth'], message: 'there is neither OAuth nor a federation' })

/** The answers to the wizard's questions; every problem in them at once. */
export async function readPlan(file: string): Promise<HybridPlan> {
  const result = planFile.safeParse(await readJson(file))
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `\n  ${issue.path.map(String).join('.') || '(the whole file)'}: ${issue.message}`)
  throw new StartProblem(`${file} is not a plan:${lines.join('')}`, 'Correct these; docs/hybrid.md shows a plan.')
}
