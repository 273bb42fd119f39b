import { z } from 'zod'
import { hybridSteps, setUpHybrid, type WizardChange } from '#hybrid'
import { Refusal } from '#model'
import { verb, type WebContext } from '../verb.ts'
import { online, plan, type Online } from './answers.ts'
import { planOf, requireWizard, sideHere, sideOnline, wizardCmdlet } from './sides.ts'

const bothOf = (context: WebContext, online: Online, warn?: (text: string) => void) => ({
  onPremises: sideHere(context),
  online: sideOnline(context, online, warn),
  signal: context.request.signal,
})

/** What each step would change, on which side; nothing is done. */
export const wizardPreview = verb(z.object({ online, plan }), async (context, { online, plan }) => {
  await requireWizard(context)
  const steps = hybridSteps.map((name) => ({ name, changes: [] as WizardChange[] }))
  let at = 0
  await setUpHybrid({
    ...bothOf(context, online),
    plan: planOf(plan),
    publish: async () => undefined,
    dry: true,
    progress(event) {
      if ('step' in event) at = event.at - 1
      else steps[at]?.changes.push(event.change)
    },
  })
  return { steps }
})

const mostSteps = hybridSteps.length

/**
 * One step, which leaves alone what is right. What hinders it comes as an answer, with what was done before and with the TXT records that
 * an administrator has to publish: the page shows them, and asks again.
 */
export const wizardStep = verb(
  z.object({ online, plan, step: z.number().int().min(1).max(mostSteps) }),
  async (context, { online, plan, step }) => {
    await requireWizard(context)
    const changes: WizardChange[] = []
    const records: { domain: string; text: string }[] = []
    const warnings: string[] = []
    const said = { changes, records, warnings }
    const publish = context.wizard.publisherFor(context.caller.organisation)
    try {
      await setUpHybrid({
        ...bothOf(context, online, (text) => void (warnings.length < 20 && warnings.push(text))),
        plan: planOf(plan),
        only: step,
        publish: publish ?? (async (record) => void records.push(record)),
        progress: (event) => void ('change' in event && changes.push(event.change)),
      })
      return { ...said, refusal: undefined }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ...said, refusal: { code: error.code, message: error.message } }
    }
  },
)

/** The whole by the cmdlet, as anybody can run it again at any time: what it still found to change, nothing when all is well. */
export const wizardCheck = verb(z.object({ online }), async ({ admin, caller, request }, { online }) => {
  const asked = { TenantAccessToken: online.token }
  const changes = await Array.fromAsync(admin.invoke(caller, wizardCmdlet, asked, { signal: request.signal }))
  return { changes: (changes as { Side: string; Command: string }[]).map(({ Side, Command }) => ({ side: Side, command: Command })) }
})
