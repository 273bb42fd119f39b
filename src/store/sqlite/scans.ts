/** Long readings (unindexed conditions and orders in large folders) in a worker thread, one after another. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface ScanQuestion {
  id: number
  sql: string
  parameters: readonly unknown[]
}
export interface ScanAnswer {
  id: number
  rows: unknown[]
  error?: string
}

export interface Scans {
  run(sql: string, parameters: readonly unknown[]): Promise<unknown[]>
  close(): Promise<void>
}

interface Asker {
  resolve: (rows: unknown[]) => void
  reject: (error: Error) => void
}

/** The thread starts with the first question. It sees what is committed when it comes to a question. */
export function createScans(path: string): Scans {
  const askers = new Map<number, Asker>()
  let worker: Worker | undefined
  let last = 0

  function start(): Worker {
    const started = new Worker(new URL(`./scan-worker${extname(import.meta.url)}`, import.meta.url), { workerData: { path } })
    started.on('message', (answer: ScanAnswer) => {
      const asker = askers.get(answer.id)
      askers.delete(answer.id)
      if (askers.size === 0) started.unref()
      if (answer.error === undefined) asker?.resolve(answer.rows)
      else asker?.reject(new Error(answer.error))
    })
    started.on('error', (error) => {
      worker = undefined
      for (const asker of askers.values()) asker.reject(new Error('the reading thread ended', { cause: error }))
      askers.clear()
    })
    return started
  }

  return {
    run: (sql, parameters) =>
      new Promise((resolve, reject) => {
        worker ??= start()
        worker.ref()
        const id = ++last
        askers.set(id, { resolve, reject })
        worker.postMessage({ id, sql, parameters } satisfies ScanQuestion)
      }),
    async close() {
      if (!worker) return
      const ended = new Promise((resolve) => worker?.once('exit', resolve))
      worker.ref()
      worker.postMessage('close')
      await ended
    },
  }
}
