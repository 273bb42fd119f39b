import type { Directory, Recipient } from '#directory'
import { Refusal, type Caller, type SignedIn, type SignInCredential } from '#model'
import type { SignInRules } from './sign-in/index.ts'

/** What somebody has shown to prove who they are. */
export type Shown = Pick<SignedIn, 'by'> & Pick<SignInCredential, 'appPassword'>

/** How things stand with credentials, and whether they stand so still. */
export interface Standing {
  /** A word that is another one as soon as what was shown is good no more. */
  of(recipient: Recipient, appPassword?: string): Promise<string>
  /** See `Access.stillSignedIn`. */
  still(caller: Caller, protocol: string): Promise<Caller>
}

/** `requireTaken` refuses what a protocol does not take any more of the person, `requireVouched` whom another server vouches for no more. */
export function createStanding({
  directory,
  rules,
  requireTaken,
  requireVouched,
}: {
  directory: Pick<Directory, 'recipient' | 'callerFor' | 'passwordVersion'>
  rules?: Pick<SignInRules, 'appPasswords' | 'sessions'>
  requireTaken: (recipient: Recipient, by: SignedIn['by'], scheme: SignInCredential['scheme'], protocol: string) => Promise<void>
  requireVouched: (caller: Caller, protocol: string) => Promise<void>
}): Standing {
  async function of(recipient: Recipient, appPassword?: string): Promise<string> {
    if (appPassword !== undefined && !(await rules?.appPasswords.holds(recipient, appPassword))) return 'taken away'
    return rules ? rules.sessions.accountOf(recipient) : String(await directory.passwordVersion(recipient))
  }
  return {
    of,
    async still(caller, protocol) {
      if (caller.kind !== 'user') return caller
      const { signedIn: { by, credential } = {}, address } = caller
      const recipient = await directory.recipient(caller.organisation, caller.recipient)
      if (!recipient || recipient.accountDisabled) throw new Refusal('AccountDisabled', `The account of ${address} is disabled, or gone.`)
      if (credential && credential.standing !== (await of(recipient, credential.appPassword)))
        throw new Refusal('Unauthenticated', `What ${address} signed in with is good no more. Sign in again.`)
      if (by && credential) await requireTaken(recipient, by, credential.scheme, protocol)
      await requireVouched(caller, protocol)
      return { ...caller, ...(await directory.callerFor(recipient)) }
    },
  }
}
