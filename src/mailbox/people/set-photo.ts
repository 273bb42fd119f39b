import { imageTypeOf, largestPhoto } from '#directory'
import { Refusal, type Base64, type Caller } from '#model'
import type { MailboxContext } from '../context.ts'

/** Keeps the picture of whoever has the address, for themselves alone. Refuses AccessDenied, InvalidPhotoSize. */
export async function setPhoto(ctx: MailboxContext, caller: Caller, address: string, content: Base64): Promise<void> {
  const recipient = /@/.test(address) ? await ctx.directory.find(address, caller.organisation) : undefined
  if (!recipient || (caller.kind !== 'system' && (caller.kind !== 'user' || recipient.id !== caller.recipient))) {
    throw new Refusal('AccessDenied', 'People give themselves a picture, nobody else; administrators use Set-UserPhoto.')
  }
  const bytes = Buffer.from(content, 'base64')
  const contentType = imageTypeOf(bytes)
  if (!contentType || bytes.length > largestPhoto) {
    throw new Refusal(
      'InvalidPhotoSize',
      `A picture is a JPEG, PNG or GIF of at most ${largestPhoto} bytes; this is ${contentType ?? 'none'} of ${bytes.length}.`,
    )
  }
  await ctx.directory.setPhoto(recipient, { contentType, data: bytes.toString('base64') })
}
