import { z } from 'zod'
import type { HttpReply } from '#access'
import { Refusal } from '#model'
import type { WebContext } from './verb.ts'

/** What a browser fetches by its address: frames and files. `rest` = the parts of the path behind the name. */
export type Resource = (context: WebContext, rest: readonly string[]) => Promise<HttpReply>

const number = z.string().regex(/^[1-9]\d{0,15}$/).transform(Number) // prettier-ignore
const place = z.tuple([z.string().min(1).max(100), number])

/** The item that a path names: `…/{mailbox}/{number}`, and what comes behind. Anything else → ItemNotFound. */
export function itemAt(rest: readonly string[]): { ref: { mailbox: string; id: number }; more: readonly string[] } {
  const [mailbox, id, ...more] = rest
  const read = place.safeParse([mailbox, id])
  if (!read.success) throw new Refusal('ItemNotFound', 'The address names no item.')
  return { ref: { mailbox: read.data[0], id: read.data[1] }, more }
}

/** Numbers of the attachments that lead to one: `…/2/1` is the first of the second, which is a message. */
export function attachmentPath(more: readonly string[]): number[] {
  const read = z.array(number).min(1).max(10).safeParse(more)
  if (!read.success) throw new Refusal('ItemNotFound', 'The address names no attachment.')
  return read.data
}
