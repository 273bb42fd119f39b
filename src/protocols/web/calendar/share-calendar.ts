/** The own calendar is shared by mail: somebody of the organisation gets a level on it and an invitation that opens it. */
import { z } from 'zod'
import { permissionLevels, Refusal, type Tree } from '#model'
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
 * a mailbox here → ObjectNotFound; oneself → InvalidParameter; refuses as `changeFolderPermission` and `sendNew`.
 */
export const shareCalendar = verb(input, async (context, { address, level, subject, text, link }) => {
  const { caller, directory, mailboxes, request } = context
  const mailbox = await context.mailbox()
  const person = await directory.find(address, caller.organisation)
  if (!person?.mailbox) throw new Refusal('ObjectNotFound', `There is nobody in this organisation with the address ${address}.`)
  if (person.mailbox === mailbox) throw new Refusal('InvalidParameter', 'It is your own calendar.')
  const calendar = { mailbox, kind: 'calendar' }
  const { row } = await mailboxes.getFolder(caller, calendar)
  const how = row.permissions.some(({ user }) => user === person.id) ? 'set' : 'add'
  await mailboxes.changeFolderPermission(caller, calendar, { user: person.id, how, rights: permissionLevels[level] })
  // Where questions come from is a page of this site: that was checked.
  const place = `${request.headers.origin}/owa/calendar/add/${encodeURIComponent(caller.address)}`
  const properties = {
    itemClass: 'IPM.Sharing',
    subject,
    toRecipients: [{ name: person.displayName, address: person.address, routingType: 'SMTP' as const }],
    body: { type: 'HTML' as const, value: `<p>${textToHtml(text)}</p><p><a href="${escapeHtml(place)}">${escapeHtml(link)}</a></p>` },
  }
  const attachments = [{ kind: 'file' as const, ...metadataOf(context, row.name, person.address) }]
  await mailboxes.sendNew(caller, mailbox, { kind: 'message', properties, attachments }, { saveTo: { mailbox, kind: 'sentitems' } })
})

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
