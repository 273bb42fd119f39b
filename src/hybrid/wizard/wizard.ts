import { Refusal } from '#model'
import type { HybridPlan, PublishProof } from './plan.ts'
import { createHand, type Side, type WizardChange } from './side.ts'
import { steps, type WizardStep } from './steps.ts'
import { undoSteps } from './undo.ts'

export interface WizardRun {
  plan: HybridPlan
  onPremises: Side
  online: Side
  publish: PublishProof
  /** The plan was read from the hybrid configuration, and is not written there. */
  planIsWritten?: boolean
  /** Ends it between two cmdlets. */
  signal?: AbortSignal
  /** Only says what would change. */
  dry?: boolean
  /** One step alone, by its number from 1: for who walks through them one by one. Every step finds out for itself what is to be done. */
  only?: number
  /** Hears each step when it begins, and each change before it is made. */
  progress?: (event: { step: string; at: number; of: number } | { change: WizardChange }) => void
}

/**
 * Sets the hybrid up, or brings it back to what it should be, through the cmdlets of both sides. Safe to repeat: what is right is left
 * alone, what was cut short goes on, what someone disabled is enabled. A step that fails → its refusal, naming the step.
 */
export function setUpHybrid(run: WizardRun): Promise<WizardChange[]> {
  return walk(steps, run)
}

/**
 * Takes away what the wizard made, in the opposite order; what is not there is passed over. On-premises is taken out of the auth
 * service, and the federated domains are given back, before the trust in it goes; where the auth service does not answer, this stops.
 * What stays: certificates (also as the current one of AuthConfig), accepted domains, a federation trust or AuthServer under another
 * name than the wizard's, and at the auth service the number of each federated organisation with its certificate and account
 * namespace: without a domain it can vouch for nobody, and the next setup takes it up again.
 */
export function removeHybrid(run: WizardRun): Promise<WizardChange[]> {
  return walk(undoSteps, run)
}

/** Names of the steps of `setUpHybrid`, in their order. */
export const hybridSteps: readonly string[] = steps.map(({ name }) => name)

async function walk(
  list: readonly WizardStep[],
  { dry = false, only, progress = () => undefined, ...run }: WizardRun,
): Promise<WizardChange[]> {
  const hand = createHand({ dry, seen: (change) => progress({ change }) })
  for (const [index, { name, run: step }] of list.entries()) {
    if (only !== undefined && only !== index + 1) continue
    run.signal?.throwIfAborted()
    progress({ step: name, at: index + 1, of: list.length })
    try {
      await step({ ...run, hand })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      throw new Refusal(
        error.code,
        `Step ${index + 1}, "${name}": ${error.message} Run the wizard again when that is mended; it goes on from here.`,
        error.detail,
      )
    }
  }
  return hand.changes
}
