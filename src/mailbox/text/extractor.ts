import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FileToRead } from './extract.ts'

export type Extracted = { text: string } | { problem: string }
export interface Extractor {
  read(file: FileToRead): Promise<Extracted>
}

/** Milliseconds that one file may take, and megabytes of memory. */
const bounds = { time: 5000, memory: 128 } as const

/**
 * Reads files in a thread of its own, one after another; one that takes too long or too much is given up with its thread. The thread
 * ends when nobody asks.
 */
export function createExtractor(time: number = bounds.time): Extractor {
  let worker: Worker | undefined
  let turn: Promise<unknown> = Promise.resolve()

  function ask(file: FileToRead): Promise<Extracted> {
    worker ??= new Worker(new URL(`./extract-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: bounds.memory },
    })
    const asked = worker
    asked.ref()
    return new Promise((resolve) => {
      const end = (answer: Extracted, keep: boolean) => {
        clearTimeout(timer)
        asked.removeAllListeners()
        // What a thread that is given up still says concerns nobody.
        asked.on('error', () => undefined)
        if (keep) asked.unref()
        else {
          worker = undefined
          void asked.terminate()
        }
        resolve(answer)
      }
      const timer = setTimeout(() => end({ problem: `reading it takes longer than ${time} ms` }, false), time)
      asked.once('message', (answer: Extracted) => end(answer, true))
      asked.once('error', (error) => end({ problem: error instanceof Error ? error.message : String(error) }, false))
      asked.once('exit', () => end({ problem: 'the reading thread ended' }, false))
      asked.postMessage(file)
    })
  }

  return {
    read(file) {
      const answer = turn.then(() => ask(file))
      turn = answer
      return answer
    },
  }
}
