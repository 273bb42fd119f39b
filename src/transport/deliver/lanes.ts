/** Runs tasks side by side, at most so many on one lane; the others wait their turn in order. */
export interface Lanes {
  /** How many wait their turn. */
  waiting(lane: string): number
  run<T>(lane: string, width: number, task: () => Promise<T>): Promise<T>
}

export function createLanes(): Lanes {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>()
  return {
    waiting: (name) => lanes.get(name)?.waiting.length ?? 0,
    async run(name, width, task) {
      const lane = lanes.get(name) ?? { running: 0, waiting: [] }
      lanes.set(name, lane)
      if (lane.running >= width) await new Promise<void>((resolve) => lane.waiting.push(resolve))
      else lane.running++
      try {
        return await task()
      } finally {
        const next = lane.waiting.shift()
        if (next) next()
        else if (--lane.running === 0) lanes.delete(name)
      }
    },
  }
}
