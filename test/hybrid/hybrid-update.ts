/** The wizard run on-premises as its cmdlet, for tests of it. */
import type { ProgressRecord } from '#admin'
import type { Caller } from '#model'
import { administratorToken } from '../../src/server/lab/administrator-token.ts'
import { names, startHybridSites, type HybridSites, type HybridSitesInput } from '../support/hybrid-sites.ts'

export const boss = 'boss@contoso.online.example'
const organisationManagement = { rights: { roles: ['Organization Management'] } }

/** Two premises with administrators of both, and people who may not do all. */
export const start = (input: HybridSitesInput = {}) =>
  startHybridSites({
    ...input,
    people: {
      online: [
        { address: boss, displayName: 'Online Boss', ...organisationManagement },
        { address: 'clerk@contoso.online.example', displayName: 'Clerk', rights: { roles: ['Federated Sharing'] } },
      ],
      onPremises: [{ address: 'sharer@contoso.com', displayName: 'Sharer', rights: { roles: ['Federated Sharing'] } }],
    },
  })

/** What the hybrid configuration says of them. */
export const answers = {
  Domains: ['contoso.com'],
  Features: ['FreeBusy', 'MailTips', 'SecureMail'],
  TenantUrl: `https://${names.online.mail}`,
  AuthServiceUrl: `https://${names.auth}`,
  CoexistenceDomain: names.online.domain,
}

/** Somebody on-premises who has shown a second factor just now. */
export async function administrator({ onPremises }: HybridSites, name = 'administrator'): Promise<Caller> {
  const person = await onPremises.directory.find(`${name}@contoso.com`, onPremises.organisation.id)
  return { ...(await onPremises.directory.callerFor(person!)), signedIn: { by: 'token', secondFactor: true, at: Date.now() } }
}

interface Run {
  caller?: Caller
  progress?: (record: ProgressRecord) => void
  warn?: (text: string) => void
  signal?: AbortSignal
}

/** Runs a cmdlet on-premises; what it gives. */
export const invoke = async (sites: HybridSites, name: string, args: object, { caller, ...hears }: Run = {}) =>
  (await Array.fromAsync(sites.onPremises.admin.invoke(caller ?? (await administrator(sites)), name, { ...args }, hears))) as Record<
    string,
    unknown
  >[]

/** Runs the wizard; the changes that it makes. */
export const update = (sites: HybridSites, args: object, run: Run = {}) => invoke(sites, 'Update-HybridConfiguration', args, run)

/** An access token of the other side. */
export const token = ({ online }: HybridSites, name = boss) => administratorToken(online, online.organisation.id, name)
