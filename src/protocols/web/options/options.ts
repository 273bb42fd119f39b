import { z } from 'zod'
import type { OutOfOffice } from '#mailbox'
import { windowsZoneIds } from '#model'
import { htmlToText } from '#wire'
import { verb } from '../verb.ts'
import { pagesFor } from './pages.ts'

/** What people set for their mailbox, as it stands. */
export const options = verb(z.object({}), async (context) => {
  const { caller, mailboxes, mailbox } = context
  const own = await mailbox()
  const settings = await mailboxes.settings(caller, own)
  const away = settings.outOfOffice as OutOfOffice | undefined
  const rules = await mailboxes.inboxRules(caller, own)
  return {
    pages: await pagesFor(context),
    culture: (settings.culture ?? '') as string,
    timeZone: (settings.timeZone ?? '') as string,
    timeZones: windowsZoneIds(),
    away: {
      state: away?.state ?? 'Disabled',
      audience: away?.externalAudience ?? 'All',
      start: away?.start,
      end: away?.end,
      internal: textOf(away?.internalReply),
      external: textOf(away?.externalReply),
    },
    rules: rules
      .toSorted((a, b) => a.priority - b.priority)
      .map(({ id, name, enabled, inError, conditions, exceptions, actions }) => ({
        id,
        name,
        enabled,
        inError: inError === true,
        conditions,
        exceptions,
        actions,
      })),
  }
})

/** An answer as plain text: the form shows no other. */
export const textOf = (reply: OutOfOffice['internalReply']): string => (reply ? htmlToText(reply.message).trim() : '')
