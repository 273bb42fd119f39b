/** Debian's python3-exchangelib as people of several sites use it: each asks the own site, whose calendars are local or far away. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Site } from '#server'
import { testPassword } from '../support/site.ts'
import { startExchangelibScript } from './exchangelib-lines.ts'

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
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-peer-'))
  const CA_FILE = join(folder, 'ca.pem')
  await writeFile(CA_FILE, sites.map(({ ca }) => ca).join('\n'))
  const script = startExchangelibScript('exchangelib_ask.py', { CA_FILE, PASSWORD: testPassword })
  return {
    as: (site, address) => {
      const who = { url: `https://127.0.0.1:${site.ports.https}/EWS/Exchange.asmx`, address }
      return {
        ask: async (people, { view = 'DetailedMerged', interval = 30, ...window }) =>
          (await script.ask({ do: 'ask', ...who, ...window, view, interval, people })) as Seen[],
        book: async (series) => void (await script.ask({ do: 'book', ...who, ...series })),
        move: async (to) => void (await script.ask({ do: 'move', ...who, ...to })),
        skip: async (one) => void (await script.ask({ do: 'skip', ...who, ...one })),
        remove: async (series) => void (await script.ask({ do: 'remove', ...who, ...series })),
      }
    },
    [Symbol.asyncDispose]: async () => {
      await script[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
