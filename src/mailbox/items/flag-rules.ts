import { Refusal, type Flag, type Instant } from '#model'

/** A flag as it is stored; a complete one without a time is complete now. What contradicts itself → InvalidArgument (interop 1.7). */
export function checkedFlag(flag: Flag, now: Instant): Flag | undefined {
  const refuse = (why: string): never => {
    throw new Refusal('InvalidArgument', `The flag cannot be: ${why}.`)
  }
  const { status, start, due, complete } = flag
  if (status === 'Flagged' && complete !== undefined) refuse('Flagged with a CompleteDate')
  if (status !== 'Complete' && (start === undefined) !== (due === undefined)) refuse('StartDate and DueDate go together')
  if (status === 'Complete' && (start !== undefined || due !== undefined)) refuse('Complete with a StartDate or DueDate')
  if (status === 'NotFlagged' && [start, due, complete].some((one) => one !== undefined)) refuse('NotFlagged with dates')
  if (start !== undefined && due !== undefined && start > due) refuse('it is due before it starts')
  if (status === 'NotFlagged') return undefined
  return status === 'Complete' ? { ...flag, complete: complete ?? now } : flag
}
