import type { Adapter, AdapterPayload } from 'oidc-provider'
import { InvalidGrant } from 'oidc-provider/lib/helpers/errors.js'
import { holderOf, type TokenMark, type TokenStore } from '#access'

/** Seconds that something is kept which says no time of its own. */
const longest = 14 * 86_400

/** Lets the provider keep what it gives in the site's store; with a session, what the browser is called that asks now. */
export function adapterFor(tokens: TokenStore, browser: () => string | undefined): (model: string) => Adapter {
  return (model) => {
    const found = async (payload: Promise<Record<string, unknown> | undefined>) => (await payload) as AdapterPayload | undefined
    return {
      upsert: (id, payload, expiresIn) => {
        const { uid, userCode, grantId, accountId } = payload
        const isSession = model === 'Session' && accountId !== undefined
        const holder = isSession ? { holder: holderOf(accountId) } : {}
        const links = { ...holder, ...(uid ? { uid } : {}), ...(userCode ? { userCode } : {}), ...(grantId ? { grant: grantId } : {}) }
        return tokens.put(model, id, { ...withAccount(payload), ...(isSession ? { browser: browser() } : {}) }, expiresIn || longest, links)
      },
      find: (id) => found(tokens.find(model, id)),
      findByUid: (uid) => found(tokens.findBy(model, 'uid', uid)),
      findByUserCode: (userCode) => found(tokens.findBy(model, 'userCode', userCode)),
      async consume(id) {
        if (await tokens.consume(model, id)) return
        // Somebody else used it at the same moment: one of the two is not who it was given to.
        const used = await tokens.find(model, id)
        if (typeof used?.grantId === 'string') await tokens.revokeGrant(used.grantId)
        throw new InvalidGrant('already used')
      },
      destroy: (id) => tokens.remove(model, id),
      revokeByGrantId: (grantId) => tokens.revokeGrant(grantId),
    }
  }
}

/** An access token is made with the name that programs know a person by; it is kept with that of the account, as its grant is. */
function withAccount(payload: AdapterPayload): AdapterPayload {
  const { account } = (payload.extra ?? {}) as Partial<TokenMark>
  return account === undefined ? payload : { ...payload, accountId: account }
}
