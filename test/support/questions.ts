import type { Store } from '#store'

/** What a piece of work asks the store within its transactions: how often each question. Nothing else is to be at work on the site meanwhile. */
export interface Questions {
  of(work: () => Promise<unknown>): Promise<Record<string, number>>
}

type Call = (...given: unknown[]) => unknown

/** Listens at the transactions of a store. What is answered from memory is no question. */
export function listenTo(store: Store): Questions {
  let asked: Record<string, number> = {}
  const part = (room: string, questions: object): object =>
    new Proxy(questions, {
      get(of, name) {
        const question: unknown = Reflect.get(of, name)
        if (typeof question !== 'function') return question
        return (...given: unknown[]) => {
          const full = `${room}.${String(name)}`
          asked[full] = (asked[full] ?? 0) + 1
          return (question as Call).apply(of, given)
        }
      },
    })
  const heard = <Tx extends object>(tx: Tx): Tx =>
    new Proxy(tx, {
      get(of, name) {
        const room: unknown = Reflect.get(of, name)
        return typeof room === 'object' && room !== null ? part(String(name), room) : room
      },
    })
  const { read, write } = store
  store.read = (body) => read((tx) => body(heard(tx)))
  store.write = (body) => write((tx) => body(heard(tx)))
  return {
    async of(work) {
      asked = {}
      await work()
      return asked
    },
  }
}

/** How many they are; `room` = those of one room of the store alone. */
export const countOf = (asked: Readonly<Record<string, number>>, room = ''): number =>
  Object.entries(asked).reduce((sum, [name, times]) => (name.startsWith(room) ? sum + times : sum), 0)
