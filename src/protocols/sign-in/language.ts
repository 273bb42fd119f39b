/** In whose language a page comes: what the request asks for, that of the person's mailbox, that of the browser. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { HttpRequest, SignInRules } from '#access'
import type { Directory } from '#directory'
import type { Mailboxes } from '#mailbox'
import { Refusal } from '#model'
import { sayFor, type Say } from './pages/say.ts'

/** The language of the mailbox of an account (`de-AT`), which was named by the account of a session or a begun sign-in. */
export type CultureOf = (account: string) => Promise<string | undefined>
/** What a page of the provider says it in. */
export type SayAt = (context: KoaContextWithOIDC) => Promise<Say>

/** What a mailbox is made with: nobody has chosen it, so the browser says more. */
const unchosen = 'en-US'

export function culturesOf({
  rules,
  directory,
  mailboxes,
}: {
  rules: Pick<SignInRules, 'sessions'>
  directory: Pick<Directory, 'callerFor'>
  mailboxes: Pick<Mailboxes, 'settings'>
}): CultureOf {
  return async (account) => {
    const recipient = await rules.sessions.recipientOf(account)
    if (!recipient?.mailbox) return undefined
    const caller = await directory.callerFor(recipient)
    const { culture } = await mailboxes.settings(caller, recipient.mailbox).catch(unlessOpened)
    return typeof culture === 'string' && culture !== unchosen ? culture : undefined
  }
}

/** A mailbox that nobody has opened yet is in no language; people sign in before. */
function unlessOpened(error: unknown): Record<string, unknown> {
  if (error instanceof Refusal && error.kind === 'notFound') return {}
  throw error
}

/** For a page of ours. `account` is looked up when nothing was asked for. */
export function sayWith(
  { cultureOf }: { cultureOf: CultureOf },
  { headers }: Pick<HttpRequest, 'headers'>,
  { asked, account }: { asked?: unknown; account?: () => Promise<string | undefined> } = {},
): Promise<Say> {
  const culture = async () => {
    const whose = await account?.()
    return whose ? cultureOf(whose) : undefined
  }
  return sayFor({ asked, culture, accepted: headers['accept-language'] })
}

/** For pages of the provider: what was asked for may have come with the program's request for a device. */
export function sayingAt(cultureOf: CultureOf): SayAt {
  return ({ oidc, headers }) => {
    const { params, entities, session } = oidc
    const asked = params?.ui_locales ?? entities.DeviceCode?.params?.ui_locales
    return sayWith({ cultureOf }, { headers }, { asked, account: async () => session?.accountId })
  }
}
