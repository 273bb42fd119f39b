/** The own calendar is shared by mail: somebody of the organisation gets a level on it and an invitation that opens it. */
import { z } from 'zod'
import { folderRights, permissionLevelOf, permissionLevels, Refusal, type Tree } from '#model'
import { escapeHtml, textToHtml, writeTree } from '#wire'
import { verb, type WebContext } from '../verb.ts'

const input = z.object({
  address: z.string().min(3).max(320),
  level: z.enum(['FreeBusyTimeOnly', 'FreeBusyTimeAndSubjectAndLocation', 'Reviewer', 'Editor']),
  /** What they read, and what the link that opens the calendar is called. */
  subject: z.string().min(1).max(255),
  text: z.string().max(10_000),
  link: z.string().min(1).max(200),
})

/**
 * Gives somebody of the organisation a level on the own calendar and invites them by mail ([MS-OXSHRMSG] 2.2.1) to show it beside theirs. Nobody with
 * a mailbox here → ObjectNotFound; oneself → InvalidParameter; who may do more already → InvalidOperation; refuses as `changeFolderPermission` and
 * `sendNew`, and gives nothing then.
 */
export const shareCalendar = verb(input, async (context, { address, level, subject, text, link }) => {
  const { caller, directory, mailboxes, request } = context
  const mailbox = await context.mailbox()
  const person = await directory.find(address, caller.organisation)
  if (!person?.mailbox) throw new Refusal('ObjectNotFound', `There is nobody in this organisation with the address ${address}.`)
  if (person.mailbox === mailbox) throw new Refusal('InvalidParameter', 'It is your own calendar.')
  const calendar = { mailbox, kind: 'calendar' }
  const { row } = await mailboxes.getFolder(caller, calendar)
  const rightsOf = (wanted: string) => row.permissions.find(({ user }) => user === wanted)?.rights
  const before = rightsOf(person.id)
  const rights = permissionLevels[level]
  const most = before ?? rightsOf('default') ?? 0
  if (isLess(rights, most)) {
    const has = permissionLevelOf(most)
    throw new Refusal(
      'InvalidOperation',
      `${person.displayName} may do more with the calendar already (${has}): lower it in its permissions.`,
    )
  }
  const change = (how: { how: 'add' | 'set'; rights: number } | { how: 'remove' }) =>
    mailboxes.changeFolderPermission(caller, calendar, { user: person.id, ...how })
  await change({ how: before === undefined ? 'add' : 'set', rights })
  // Where questions come from is a page of this site: that was checked.
  const place = `${request.headers.origin}/owa/calendar/add/${encodeURIComponent(caller.address)}`
  const properties = {
    itemClass: 'IPM.Sharing',
    subject,
    toRecipients: [{ name: person.displayName, address: person.address, routingType: 'SMTP' as const }],
    body: { type: 'HTML' as const, value: `<p>${textToHtml(text)}</p><p><a href="${escapeHtml(place)}">${escapeHtml(link)}</a></p>` },
  }
  const attachments = [{ kind: 'file' as const, ...metadataOf(context, row.name, person.address) }]
  try {
    await mailboxes.sendNew(caller, mailbox, { kind: 'message', properties, attachments }, { saveTo: { mailbox, kind: 'sentitems' } })
  } catch (error) {
    // Nobody has rights of whom they were not told.
    await (before === undefined ? change({ how: 'remove' }) : change({ how: 'set', rights: before }))
    throw error
  }
})

/** Whether rights on a calendar lack something of others. Whoever reads everything sees the free/busy times as well. */
function isLess(rights: number, others: number): boolean {
  const { readAny, freeBusySimple, freeBusyDetailed, contact, visible } = folderRights
  const meant = rights & readAny ? rights | freeBusySimple | freeBusyDetailed : rights
  return (others & ~(meant | contact | visible)) !== 0
}

/** The invitation as programs read it ([MS-OXSHRMSG] 2.2.2). Entry ids of MAPI are not in it: there is no MAPI here. */
function metadataOf({ caller }: WebContext, title: string, invited: string) {
  const element = (name: string, ...children: (string | Tree)[]): Tree => ({ name, children })
  const provider = { name: 'Provider', attributes: { Type: 'ms-exchange-internal', TargetRecipients: invited } }
  const message = element(
    'SharingMessage',
    element('DataType', 'calendar'),
    element('Initiator', element('Name', caller.name), element('SmtpAddress', caller.address)),
    element('Invitation', element('Title', title), element('Providers', provider)),
  )
  const xml = writeTree({ ...message, attributes: { xmlns: 'http://schemas.microsoft.com/sharing/2008' } }, '')
  return {
    name: 'sharing_metadata.xml',
    contentType: 'application/x-sharing-metadata-xml',
    content: Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${xml}`),
  }
}
