import type { Budgets, Shares, Throttle } from '#access'
import type { Caller } from '#model'

/** What bounds each caller: requests at once, and the server's time. */
export interface Gates {
  shares: Shares
  budgets: Budgets
}

/** Does a caller's work when it is its turn, and charges it. Refuses ServerBusy to who has too much waiting, or has used up the budget. */
export function through<T>({ shares, budgets }: Gates, throttle: Throttle, caller: Caller, work: () => Promise<T>): Promise<T> {
  return shares.run(caller, () => budgets.charge(caller, throttle, work), throttle.ewsConcurrency)
}
