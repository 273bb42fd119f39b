import type { Recipient } from '#directory'
import type { CmdletContext } from '../registry/cmdlet.ts'
import type { Noun } from './nouns.ts'
import { shownBy } from './properties.ts'

/** A recipient as `Get-` of a noun shows it: with the names that Exchange gives its properties. */
export async function shownRecipient(noun: Noun, recipient: Recipient, context: CmdletContext): Promise<Record<string, unknown>> {
  const object: Record<string, unknown> = {}
  for (const { name, get } of shownBy(noun)) {
    const value = get(recipient, context)
    // A hundred values that are there already are not waited for.
    object[name] = value instanceof Promise ? await value : value
  }
  return object
}
