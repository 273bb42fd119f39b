/** Pictures of people, for the operation and for its form without SOAP ([MS-OXWSPHOTO] 3.1.4.1, 3.1.4.3). */
import type { HttpRequest } from '#access'
import { Refusal, type Caller } from '#model'
import type { EwsParts } from './context.ts'

/** A picture as it is kept: one size, which stands for every size asked for (MS-OXWSCONT_R302048). */
export interface Picture {
  contentType: string
  data: string
  /** As it stands in a header, with its quotes. */
  etag: string
}

/** The picture of whoever has the address. Nobody, or none → ItemNotFound. */
export async function pictureOf({ directory }: Pick<EwsParts, 'directory'>, caller: Caller, address: string): Promise<Picture> {
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new Refusal('InvalidSmtpAddress', 'Email: expected an SMTP address')
  const recipient = await directory.find(address, caller.organisation)
  const photo = recipient && (await directory.photo(recipient))
  if (!photo) throw new Refusal('ItemNotFound', `There is no picture of '${address.slice(0, 320)}'.`)
  return { ...photo, etag: `"${photo.etag}"` }
}

/** True when the client has the picture already (RFC 9110 13.1.2). */
export function hasIt({ headers }: Pick<HttpRequest, 'headers'>, { etag }: Picture): boolean {
  const given = headers['if-none-match']
  return given !== undefined && given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}
