import type { Store } from '#store'
import { mailboxOn, type ActedMailbox } from './acted-mailbox.ts'

/** Where an operation is cut short: at so many writes, before it is on disk or after. */
export interface Death {
  write: number
  isWritten: boolean
}

/** Nobody answers any more. */
class Died extends Error {}

/**
 * The mailbox on a server that dies in the midst of operations as `deaths` says (undefined = this one is lived through); another server opens the same
 * store. What a killed process leaves of a write (all of it or nothing), `test/soak` shows with real ones; here thousands die.
 */
export async function dyingMailbox(
  store: Store,
  time: { now: number },
  alias: string,
  deaths: () => Death | undefined,
): Promise<ActedMailbox & { readonly died: number }> {
  let died = 0
  let death: Death | undefined
  let mailbox = await mailboxOn(dying(), time, alias)

  function dying(): Store {
    let isDead = false
    const die = () => {
      isDead = true
      throw new Died()
    }
    const write: Store['write'] = async (body) => {
      if (isDead) throw new Died()
      if (!death || death.write-- > 0) return store.write(body)
      if (!death.isWritten) return store.write(async (tx) => (await body(tx), die()))
      await store.write(body)
      return die()
    }
    return { ...store, write }
  }

  return {
    get died() {
      return died
    },
    async perform(operation, now) {
      death = deaths()
      try {
        return await mailbox.perform(operation, now)
      } catch (error) {
        if (!(error instanceof Died)) throw error
        died++
        death = undefined
        mailbox = await mailboxOn(dying(), time, alias)
        return { refused: 'killed' }
      } finally {
        death = undefined
      }
    },
    look: (whole) => mailbox.look(whole),
    close: async () => undefined,
  }
}
