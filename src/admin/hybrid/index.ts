import type { Hybrid } from '#hybrid'
import { ownCmdlets } from '../cmdlets.ts'
import type { Cmdlet } from '../registry/cmdlet.ts'
import { federationCmdlets } from './federation.ts'
import { oauthCmdlets } from './oauth.ts'
import { testCmdlets } from './probes.ts'
import { traceCmdlets } from './traces.ts'

/** The cmdlets that reach other organisations and the auth service; those of the same name without a network give way to them. */
export function hybridCmdlets(hybrid: Hybrid): Cmdlet[] {
  const derived = new Map(ownCmdlets.map((cmdlet) => [cmdlet.name, cmdlet]))
  return [...federationCmdlets(hybrid), ...oauthCmdlets(hybrid, derived), ...testCmdlets(hybrid), ...traceCmdlets(hybrid)]
}
