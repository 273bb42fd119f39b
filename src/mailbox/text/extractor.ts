import { fork, type ChildProcess } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FileToRead } from './extract.ts'

export type Extracted = { text: string } | { problem: string }
export interface Extractor {
  read(file: FileToRead): Promise<Extracted>
}

/** Milliseconds that one file may take, and megabytes of memory; a process that nobody asks for so long ends. */
const bounds = { time: 5000, memory: 128, idle: 10_000 } as const

/** Files are hostile, and so is what a library makes of them: the process that reads them writes no file, starts nothing and knows nobody. */
const program = fileURLToPath(new URL(`./extract-process${extname(import.meta.url)}`, import.meta.url))
const scoreOfMemory = '/proc/self/oom_score_adj'
const confined = ['--permission', '--allow-fs-read=*', `--allow-fs-write=${scoreOfMemory}`]

/**
 * Reads files in a process of its own, one after another; one that takes too long or too much is given up with its process, whose end nobody
 * else feels (a thread that runs out of memory may take the server along). The process ends when nobody asks.
 */
export function createExtractor({ time = bounds.time, memory = bounds.memory }: { time?: number; memory?: number } = {}): Extractor {
  let reader: ChildProcess | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let answer: ((extracted: Extracted) => void) | undefined
  let idle: NodeJS.Timeout | undefined

  function start(): ChildProcess {
    const started = fork(program, [scoreOfMemory], {
      execArgv: [`--max-old-space-size=${memory}`, ...confined],
      env: {},
      serialization: 'advanced',
      stdio: 'ignore',
    })
    const ended = (why: string) => {
      if (reader !== started) return
      reader = undefined
      answer?.({ problem: why })
    }
    // What a process that was given up still says concerns nobody.
    started.on('message', (extracted) => void (reader === started && answer?.(extracted as Extracted)))
    started.on('error', ({ message }) => ended(message))
    started.on('exit', (code, signal) => ended(`the reading process ended (${signal ?? code})`))
    return started
  }

  function giveUp(): void {
    const given = reader
    reader = undefined
    given?.kill('SIGKILL')
  }

  function ask(file: FileToRead): Promise<Extracted> {
    clearTimeout(idle)
    reader ??= start()
    const asked = reader
    asked.ref()
    asked.channel?.ref()
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        giveUp()
        answer?.({ problem: `reading it takes longer than ${time} ms` })
      }, time)
      answer = (extracted) => {
        clearTimeout(timer)
        answer = undefined
        asked.unref()
        asked.channel?.unref()
        idle = setTimeout(giveUp, bounds.idle).unref()
        resolve(extracted)
      }
      asked.send(file, (error) => error && answer?.({ problem: error.message }))
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
