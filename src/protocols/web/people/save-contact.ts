import { z } from 'zod'
import { imageTypeOf } from '#directory'
import { noYear, type NewAttachment, type PropertyChange } from '#mailbox'
import { Refusal, type PhysicalAddress, type Properties } from '#model'
import { verb } from '../verb.ts'
import { saved, savedItem } from '../saved.ts'

const text = z.string().max(255)
const address = z.object({ street: text, city: text, state: text, postalCode: text, countryOrRegion: text }).partial()
/** A picture as a form gives it: at most 4 MB of bytes. */
const picture = z.base64().max(5_600_000)
const input = z.object({
  ...savedItem,
  givenName: text,
  surname: text,
  jobTitle: text,
  department: text,
  companyName: text,
  website: z.string().max(2000),
  emails: z.array(z.string().max(320)).max(3),
  businessPhone: text,
  mobilePhone: text,
  homePhone: text,
  business: address,
  home: address,
  /** Without its year: `--04-15`. */
  birthday: z.union([
    z.literal(''),
    z.iso.date(),
    z
      .string()
      .max(7)
      .refine((day) => day.startsWith('--') && z.iso.date().safeParse(noYear + day.slice(1)).success),
  ]),
  notes: z.string().max(100_000),
  picture: picture.optional(),
})
type Form = z.output<typeof input>

/** Makes a contact, or changes the one named; what the form does not show stays. A picture that is none → InvalidArgument; changed meanwhile → IrresolvableConflict. */
export const saveContact = verb(input, async (context, form) => {
  if (form.picture && !imageTypeOf(Buffer.from(form.picture.slice(0, 64), 'base64'))) {
    throw new Refusal('InvalidArgument', 'A picture is a PNG, a JPEG or a GIF.')
  }
  const before = form.item === undefined ? {} : await kept(context, form.item)
  const changes = changesOf(form, before)
  const attachments: NewAttachment[] = form.picture
    ? [{ kind: 'file', name: 'ContactPicture.jpg', photo: true, content: form.picture }]
    : []
  return saved(context, form, { kind: 'contact', folder: 'contacts', changes, attachments })
})

/** The dictionaries of a contact, of which the form shows some entries. */
async function kept({ caller, mailboxes, mailbox }: Parameters<typeof saveContact.run>[0], id: number): Promise<Properties> {
  const paths = ['emailAddresses', 'phoneNumbers', 'physicalAddresses'].map((property) => ({ property }))
  const [item] = await mailboxes.getItems(caller, [{ mailbox: await mailbox(), id }], { shape: 'ids', paths })
  return item && 'properties' in item ? item.properties : {}
}

function changesOf(form: Form, before: Properties): PropertyChange[] {
  const { givenName, surname, companyName, emails, business, home, birthday, website, notes } = form
  const name = [givenName, surname].filter(Boolean).join(' ') || companyName || emails[0] || ''
  const fileAs = [surname, givenName].filter(Boolean).join(', ') || companyName || emails[0] || ''
  const entries = (given: string, values: Record<string, unknown>) => {
    const all = Object.entries({ ...(before[given] as Record<string, unknown> | undefined), ...values })
    const filled = all.filter(([, value]) => value !== '' && value !== undefined)
    return filled.length > 0 ? Object.fromEntries(filled) : undefined
  }
  const emailEntry = (at: number) => (emails[at] ? { address: emails[at], name } : undefined)
  const values: Record<string, unknown> = {
    ...{ givenName, surname, companyName, fileAs, displayName: name, jobTitle: form.jobTitle, department: form.department },
    businessHomePage: website,
    emailAddresses: entries('emailAddresses', { EmailAddress1: emailEntry(0), EmailAddress2: emailEntry(1), EmailAddress3: emailEntry(2) }),
    phoneNumbers: entries('phoneNumbers', { BusinessPhone: form.businessPhone, MobilePhone: form.mobilePhone, HomePhone: form.homePhone }), // prettier-ignore
    physicalAddresses: entries('physicalAddresses', { Business: placeOf(business), Home: placeOf(home) }),
    // The day is what somebody means; the instant that stands for it follows ([MS-OXOCNTC] 2.2.1 PidTagBirthday).
    birthdayLocal: birthday === '' ? undefined : `${birthday.replace(/^-(?=-)/, noYear)}T00:00:00`,
    body: notes === '' ? undefined : { type: 'Text', value: notes },
  }
  return Object.entries(values).map(([property, value]) =>
    value === undefined || value === '' ? { op: 'delete', path: { property } } : { op: 'set', path: { property }, value },
  )
}

function placeOf(place: Record<string, string | undefined>): PhysicalAddress | undefined {
  const filled = Object.entries(place).filter(([, value]) => value)
  return filled.length > 0 ? Object.fromEntries(filled) : undefined
}
