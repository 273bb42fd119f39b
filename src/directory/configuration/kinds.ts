import { federationKinds } from './federation-kinds.ts'
import type { KindRow } from './kind.ts'
import { mailFlowKinds } from './mail-flow-kinds.ts'
import { mailKinds } from './mail-kinds.ts'
import { oauthKinds } from './oauth-kinds.ts'
import { organisationKinds } from './organisation-kinds.ts'
import { retentionKinds } from './retention-kinds.ts'
import { roleKinds } from './role-kinds.ts'
import { signInKinds } from './sign-in-kinds.ts'

/** Every kind of configuration object, one row each: properties, defaults, what is unique, what is one an organisation. */
export const configurationKinds = {
  ...federationKinds,
  ...oauthKinds,
  ...mailKinds,
  ...mailFlowKinds,
  ...organisationKinds,
  ...retentionKinds,
  ...roleKinds,
  ...signInKinds,
} as const

export type ConfigurationKinds = typeof configurationKinds
export type ConfigurationKind = keyof ConfigurationKinds

/** The row of a kind without its types, for what treats all kinds alike. */
export const kindRow = (kind: ConfigurationKind): KindRow => configurationKinds[kind]
