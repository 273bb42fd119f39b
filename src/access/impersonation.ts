import type { Directory, Recipient } from '#directory'
import { Refusal, type Caller } from '#model'
import type { Roles } from './roles/index.ts'

/** Whom a request names, and by what ([MS-OXWSCDATA] 2.2.4.24 ConnectingSIDType). */
export interface ConnectingSid {
  by: 'PrincipalName' | 'SID' | 'PrimarySmtpAddress' | 'SmtpAddress'
  identity: string
}

/** Acting as somebody else, with the role ApplicationImpersonation. How it refuses, says `Access.impersonate`. */
export function createImpersonation({
  directory,
  roles,
}: {
  directory: Pick<Directory, 'find' | 'recipientOfUpn' | 'callerFor'>
  roles: Pick<Roles, 'mayImpersonate'>
}): (caller: Caller, target: ConnectingSid) => Promise<Caller> {
  return async (caller, target) => {
    if (!(await roles.mayImpersonate(caller))) {
      throw new Refusal('ImpersonateUserDenied', `${caller.address} may not impersonate: the role ApplicationImpersonation is missing.`)
    }
    const shown = target.identity.slice(0, 320)
    if (target.by === 'SID' && !/^S-1(-\d{1,15}){1,16}$/i.test(target.identity)) {
      throw new Refusal('InvalidSid', `'${shown}' is not a security identifier.`)
    }
    const { organisation } = caller
    const byUpn = target.by === 'PrincipalName'
    const found = await (byUpn ? directory.recipientOfUpn(organisation, target.identity) : directory.find(target.identity, organisation))
    if (!found?.mailbox || !isNamed(found, target)) throw new Refusal('NonExistentMailbox', `No mailbox is associated with '${shown}'.`)
    if (!(await roles.mayImpersonate(caller, found))) {
      throw new Refusal('ImpersonateUserDenied', `${caller.address} may not impersonate '${shown}': outside the scope of the role.`)
    }
    if (target.by === 'PrimarySmtpAddress' && found.address !== target.identity.toLowerCase()) {
      throw new Refusal('NonPrimarySmtpAddress', `'${shown}' is not the primary address of its mailbox, which is ${found.address}.`)
    }
    const actor = { recipient: caller.recipient, address: caller.address }
    const { client, remoteAddress, via, signedIn } = caller
    return {
      ...(await directory.callerFor(found)),
      actor,
      ...(client ? { client } : {}),
      ...(remoteAddress ? { remoteAddress } : {}),
      ...(via ? { via } : {}),
      ...(signedIn ? { signedIn } : {}),
    }
  }
}

/** True where the mailbox bears what was asked for in the way in which it was asked: `find` goes by any of its names. */
function isNamed({ sid, proxyAddresses }: Recipient, { by, identity }: ConnectingSid): boolean {
  const wanted = identity.toLowerCase()
  if (by === 'SID') return sid.toLowerCase() === wanted
  if (by === 'PrincipalName') return true
  return proxyAddresses.some((proxy) => proxy.toLowerCase() === `smtp:${wanted}`)
}
