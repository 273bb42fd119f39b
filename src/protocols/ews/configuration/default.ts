import type { EwsContext } from '../context.ts'
import type { DictionaryEntry } from './dictionary.ts'

const text = (value: string) => ({ type: 'String', values: [value] })

/**
 * What a configuration that nobody stored holds: `OWA.UserOptions` says the mailbox's time zone, which DavMail asks for.
 * Undefined for every other one.
 */
export async function defaultConfiguration(context: EwsContext, name: string, mailbox: string): Promise<DictionaryEntry[] | undefined> {
  if (name !== 'OWA.UserOptions') return undefined
  const settings = await context.mailboxes.settings(context.caller, mailbox)
  const timeZone = typeof settings.timeZone === 'string' && settings.timeZone !== '' ? settings.timeZone : 'UTC'
  return [{ key: text('timezone'), value: text(timeZone) }]
}
