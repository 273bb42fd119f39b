/** Keeps the WAL short: starts checkpoints in a worker thread, and holds the writer back for one when the WAL grows too long. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { StoreOptions } from '../contract.ts'
import type { Connection } from './connection.ts'

export interface CheckpointAnswer {
  log: number
  checkpointed: number
  error?: string
}

/** Pages of 4 KiB: from here a checkpoint runs beside the writer. */
const comfortable = 2048
/** From here the writer waits, so that a checkpoint can reach the end and the WAL starts anew. */
const crowded = 16_384

export interface Checkpoints {
  /** To be called between transactions; resolves at once unless the WAL is crowded. */
  afterCommit(): Promise<void> | undefined
  close(): Promise<void>
}

export function createCheckpoints(path: string, writer: Connection, log: StoreOptions['log']): Checkpoints {
  let worker: Worker | undefined
  let running: Promise<CheckpointAnswer> | undefined

  function checkpoint(): Promise<CheckpointAnswer> {
    if (running) return running
    worker ??= new Worker(new URL(`./checkpoint-worker${extname(import.meta.url)}`, import.meta.url), { workerData: { path } })
    const busy = worker
    busy.ref()
    running = new Promise<CheckpointAnswer>((resolve, reject) => {
      const settle = () => {
        busy.off('message', onMessage)
        busy.off('error', onError)
        busy.unref()
        running = undefined
      }
      const onMessage = (answer: CheckpointAnswer) => {
        settle()
        if (answer.error !== undefined) log?.error({ error: answer.error }, 'store: checkpoint failed')
        resolve(answer)
      }
      const onError = (error: Error) => {
        settle()
        worker = undefined
        log?.error({ error: error.message }, 'store: checkpoint worker ended')
        reject(error)
      }
      busy.on('message', onMessage)
      busy.on('error', onError)
      busy.postMessage('checkpoint')
    })
    return running
  }

  function pending(): number {
    const row = writer.all('pragma wal_checkpoint(noop)', [])[0] as { log: number; checkpointed: number } | undefined
    return row ? row.log : 0
  }

  return {
    afterCommit() {
      const length = pending()
      if (length < comfortable) return undefined
      const done = checkpoint()
      if (length < crowded) {
        // Its failure is logged above; the next one tries again.
        done.catch(() => undefined)
        return undefined
      }
      // The second pass finds the little that was written during the first, and the writer then starts the WAL anew.
      return done
        .then(checkpoint)
        .then(() => undefined)
        .catch(() => undefined)
    },
    async close() {
      if (running) await running.catch(() => undefined)
      if (!worker) return
      const ended = new Promise((resolve) => worker?.once('exit', resolve))
      worker.ref()
      worker.postMessage('close')
      await ended
    },
  }
}
