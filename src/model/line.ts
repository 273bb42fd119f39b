import { Refusal } from './refusal.ts'

/** Work that goes on beside other work, or waits its turn. */
export interface Line {
  run<T>(work: () => Promise<T>): Promise<T>
  /** True while nothing runs. */
  readonly idle: boolean
}

/** Lets `width` run at once and `longest` wait; beyond that → ServerBusy with the message, to be tried again after `backOff` ms. */
export function createLine(width: number, longest: number, message: string, backOff = 5000): Line {
  let running = 0
  const waiting: (() => void)[] = []
  return {
    get idle() {
      return running === 0
    },
    async run(work) {
      if (running < width) running++
      else {
        if (waiting.length >= longest) throw new Refusal('ServerBusy', message, { backOff })
        await new Promise<void>((go) => waiting.push(go))
      }
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}
