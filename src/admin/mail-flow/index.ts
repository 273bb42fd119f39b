import type { Transport } from '#transport'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { messageCmdlets } from './messages.ts'
import { queueCmdlets } from './queues.ts'
import { trackingCmdlets } from './tracking-log.ts'

/** The cmdlets that look into queues and the tracking log. */
export function mailFlowCmdlets(transport: Pick<Transport, 'mailFlow' | 'config'>): Cmdlet[] {
  return [...queueCmdlets(transport), ...messageCmdlets(transport), ...trackingCmdlets(transport)]
}
