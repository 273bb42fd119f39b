import { z } from 'zod'
import { senderRightOf } from '#mailbox'
import { Refusal } from '#model'
import { verb } from '../verb.ts'
import { largestFile, mostOfFiles } from './draft-files.ts'
import { signatureOf } from './signature.ts'

/** What a message of the caller's may be: whom it may be from, how large its files, and what it ends with. */
export const composeOptions = verb(z.object({}), async (context) => {
  const { caller, directory, mailboxes } = context
  const me = await directory.recipient(caller.organisation, caller.recipient)
  const open = me ? await directory.mailboxesOpenTo(me) : []
  const mine = { name: caller.name, address: caller.address, right: 'own' as const }
  const others = open.flatMap((one) => {
    const right = senderRightOf(caller, one)
    return right === 'none' ? [] : [{ name: one.displayName, address: one.address, right }]
  })
  const { enabled, largeAudienceThreshold } = await mailboxes.mailTipsConfiguration(caller)
  const files = { together: await mostOfFiles(context), atOnce: largestFile }
  return { from: [mine, ...others], files, mailTips: enabled, largeAudienceThreshold, signature: await signatureOf(context) }
})

/** Whether the caller may write in somebody's name, by address. Nobody, or not allowed → SendAsDenied. */
export const senderNamed = verb(z.object({ address: z.string().min(1).max(320) }), async ({ caller, directory }, { address }) => {
  const found = await directory.find(address.trim(), caller.organisation)
  const right = found ? senderRightOf(caller, found) : 'none'
  if (!found || right === 'none') throw new Refusal('SendAsDenied', `You may not send as ${address}.`)
  return { name: found.displayName, address: found.address, right }
})
