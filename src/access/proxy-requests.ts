import type { Configuration, Directory, Recipient } from '#directory'
import { domainOf } from '#directory'
import { Refusal, type Caller, type Partner } from '#model'
import { partnerCaller } from './partner-caller.ts'

/** For whom a server of another forest asks. */
export interface ProxyRequest {
  /** Set where the forests trust each other: the person, by whose rights the question is to be answered. */
  person?: { userSid: string; address: string }
}

export interface ProxyRequests {
  /**
   * The caller that a proxy request of a signed-in account stands for (source R4(a)). An account that is not configured for it →
   * ProxyRequestNotAllowed; a person, from an account that may only ask for everybody → TokenSerializationDenied.
   */
  callerOf(account: Caller, request: ProxyRequest): Promise<Caller>
}

export function createProxyRequests({
  directory,
  configuration,
}: {
  directory: Directory
  configuration: Pick<Configuration, 'get'>
}): ProxyRequests {
  const isAccount = async (organisation: string, name: string, { recipient }: Caller): Promise<boolean> => {
    const found = name ? await directory.find(name, organisation) : undefined
    return found !== undefined && (found.id === recipient || (await directory.groupsOf(organisation, recipient)).includes(found.id))
  }
  return {
    async callerOf(account, { person }) {
      const { organisation } = account
      const { OrgWideAccount, PerUserAccount } = await configuration.get(organisation, 'AvailabilityConfig')
      const perUser = await isAccount(organisation, PerUserAccount, account)
      if (!perUser && !(await isAccount(organisation, OrgWideAccount, account))) {
        throw new Refusal(
          'ProxyRequestNotAllowed',
          `${account.address} may not ask on behalf of another forest; Set-AvailabilityConfig names who may.`,
        )
      }
      if (person && !perUser) {
        throw new Refusal('TokenSerializationDenied', `${account.address} may ask for everybody's default, not as one of their people.`)
      }
      const by = 'AvailabilityConfig'
      const claims = { account: account.address, ...(person ? { person: person.address, sid: person.userSid } : {}) }
      const known = person && (await knownPerson(directory, organisation, person.address))
      if (known) return { ...(await directory.callerFor(known)), via: { generation: 'CrossForest', by, claims } }
      const address = person?.address || account.address
      const partner: Partner = { address, domain: domainOf(address), by, freeBusy: 'LimitedDetails', mailTips: 'All' }
      return partnerCaller(organisation, partner, { generation: 'CrossForest', by, claims })
    },
  }
}

/** The contact or mail user that stands here for a person of the other forest. Somebody with a mailbox here is nobody of theirs. */
async function knownPerson(directory: Directory, organisation: string, address: string): Promise<Recipient | undefined> {
  const found = address ? await directory.find(address, organisation) : undefined
  return found && !found.mailbox && (found.kind === 'MailUser' || found.kind === 'MailContact') ? found : undefined
}
