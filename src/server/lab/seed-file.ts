import { z } from 'zod'

const address = z.email()
const level = z.enum([
  'None',
  'Reviewer',
  'Contributor',
  'NoneditingAuthor',
  'Author',
  'PublishingAuthor',
  'Editor',
  'PublishingEditor',
  'Owner',
])

/** One person, room, list or group of a seed. Addresses name each other. */
export const seedPerson = z.strictObject({
  address,
  displayName: z.string().min(1).max(256),
  kind: z.enum(['user', 'shared', 'room', 'equipment', 'contact', 'mailUser', 'group', 'roomList']).default('user'),
  externalAddress: address.optional().describe('Of contacts and mail users: where they really are. Their address when left out.'),
  password: z.string().min(1).optional().describe('The lab password when left out. Users alone sign in.'),
  title: z.string().optional(),
  department: z.string().optional(),
  company: z.string().optional(),
  office: z.string().optional(),
  phones: z.record(z.string(), z.string()).optional().describe('By EWS key: BusinessPhone, MobilePhone …'),
  manager: address.optional(),
  capacity: z.int().min(1).optional(),
  timeZone: z.string().optional(),
  culture: z.string().optional(),
  aliases: z.array(address).default([]).describe('Further addresses.'),
  rights: z
    .strictObject({
      roles: z.array(z.string()).default([]).describe('Names of role groups and management roles, such as Organization Management.'),
      fullAccess: z.array(address).default([]).describe('Who has full access to this mailbox.'),
      sendAs: z.array(address).default([]),
      sendOnBehalf: z.array(address).default([]),
    })
    .prefault({}),
  delegates: z
    .array(
      z.strictObject({
        user: address,
        calendar: level.default('Editor'),
        inbox: level.default('None'),
        private: z.boolean().default(false),
      }),
    )
    .default([])
    .describe('Who acts for this person: rights on the calendar and inbox, and sending on behalf.'),
  groupMembers: z.array(address).default([]),
  folders: z.array(z.string().min(1)).default([]).describe('Folders below the top, such as Projects/Atlas.'),
})

export const seedFile = z.strictObject({ people: z.array(seedPerson) })
export type SeedPerson = z.output<typeof seedPerson>
export type SeedPersonInput = z.input<typeof seedPerson>
