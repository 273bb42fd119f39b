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
  let answer: ((extracted: Extracted) => void) | undefined

  function start(): Worker {
    const started = new Worker(new URL(`./extract-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: bounds.memory },
    })
    // What a thread that was given up still says concerns nobody.
    const said = (extracted: Extracted) => void (worker === started && answer?.(extracted))
    const ended = (why: string) => {
      if (worker !== started) return
      worker = undefined
      answer?.({ problem: why })
    }
    started.on('message', said)
    started.on('error', (error) => ended(error instanceof Error ? error.message : String(error)))
    started.on('exit', () => ended('the reading thread ended'))
    return started
  }

  function ask(file: FileToRead): Promise<Extracted> {
    worker ??= start()
    const asked = worker
    asked.ref()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        worker = undefined
        void asked.terminate()
        answer?.({ problem: `reading it takes longer than ${time} ms` })
      }, time)
      answer = (extracted) => {
        clearTimeout(timer)
        answer = undefined
        asked.unref()
        resolve(extracted)
      }
      asked.postMessage(file)
    })
  }

  return {
    read(file) {
      const read = turn.then(() => ask(file))
      turn = read.catch(() => undefined)
      return read
    },
  }
}
