/** Debian's python3-exchangelib as people of several sites use it: each asks the own site, whose calendars are local or far away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Site } from '#server'
import { testPassword } from '../support/site.ts'
import { requireProgram } from './programs.ts'

/** One person of an answer, as the client holds it. */
export interface Seen {
  /** `NoError`, or the name of the client's error. */
  code: string
  view: string
  merged: string
  /** `01-07 09:00-10:00 Busy` in the zone of the question; details behind it: `: Subject @ Location`, `meeting again moved private id`. */
  events: string[]
  /** `Monday Tuesday 09:00-17:00, bias -60`; empty for none. */
  hours: string
}

/** A stretch of local time in a zone: `2030-01-07T09:00`. */
export interface Stretch {
  zone: string
  start: string
  end: string
}

export interface Question extends Stretch {
  view?: 'FreeBusy' | 'FreeBusyMerged' | 'Detailed' | 'DetailedMerged' | 'MergedOnly'
  interval?: number
}

/** What one person does at the own site. */
export interface OwnSite {
  /** One answer for each person in the order asked; an error that the client raises ends the list. */
  ask(people: readonly string[], question: Question): Promise<Seen[]>
  /** A series in the own calendar. */
  book(series: Stretch & { subject: string; location: string; weekly: number }): Promise<void>
  /** `index`: which of the series, from 1. */
  move(to: Stretch & { subject: string; index: number }): Promise<void>
  skip(one: { subject: string; index: number }): Promise<void>
  remove(series: { subject: string }): Promise<void>
}

export interface Exchangelib extends AsyncDisposable {
  as(site: Site, address: string): OwnSite
}

/** Starts the client, which trusts the sites' own authorities. Rejects with how to install it when it is not there. */
export async function startExchangelib(...sites: Site[]): Promise<Exchangelib> {
  requireProgram('/usr/bin/python3', 'python3-exchangelib')
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-peer-'))
  const CA_FILE = join(folder, 'ca.pem')
  await writeFile(CA_FILE, sites.map(({ ca }) => ca).join('\n'))
  const child = spawn('/usr/bin/python3', ['-B', join(import.meta.dirname, 'exchangelib_ask.py')], {
    env: { ...process.env, CA_FILE, PASSWORD: testPassword },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-3000)))
  // A script that ended is told by its missing answer.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const tell = async (question: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`)
    const { value, done } = await lines.next()
    if (done) {
      await ended
      throw new Error(`exchangelib ended; if it is missing: apt-get install python3-exchangelib\n${complaints}`)
    }
    const report = JSON.parse(value) as { is?: unknown; error?: string; where?: string }
    if (report.error) throw new Error(`${report.error}\n${report.where}`)
    return report.is
  }
  return {
    as: (site, address) => {
      const who = { url: `https://127.0.0.1:${site.ports.https}/EWS/Exchange.asmx`, address }
      return {
        ask: async (people, { view = 'DetailedMerged', interval = 30, ...window }) =>
          (await tell({ do: 'ask', ...who, ...window, view, interval, people })) as Seen[],
        book: async (series) => void (await tell({ do: 'book', ...who, ...series })),
        move: async (to) => void (await tell({ do: 'move', ...who, ...to })),
        skip: async (one) => void (await tell({ do: 'skip', ...who, ...one })),
        remove: async (series) => void (await tell({ do: 'remove', ...who, ...series })),
      }
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(kill)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
