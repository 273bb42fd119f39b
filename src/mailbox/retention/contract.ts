import type { Recipient, RetentionTagRow } from '#directory'
import type { Caller, Instant } from '#model'
import type { JobRow } from '#store'

export interface RetentionVerbs {
  /**
   * Has the folder assistant look at a mailbox, and at its archive, now instead of when its turn comes. For the owner, full access and the server
   * itself → AccessDenied. The job is kept when this resolves; whoever runs jobs is told by the caller.
   */
  startAssistant(caller: Caller, mailbox: string): Promise<void>
  /** The tags of the mailbox's retention policy, in the policy's order, with the language to name them in; none without a policy. For the same. */
  retentionTags(caller: Caller, mailbox: string): Promise<{ tags: readonly RetentionTagRow[]; culture: string }>
  /** Makes the folders of a recipient's archive; one that is there is left as it is. */
  provisionArchive(owner: Recipient): Promise<void>
}

/** Work of the folder assistant, as the job clock runs it. */
export interface AssistantJob {
  readonly kind: string
  run(job: Pick<JobRow, 'organisation' | 'state'>): Promise<void | { state: Record<string, unknown>; due: Instant }>
  readonly lease: number
  readonly atOnce: number
}
