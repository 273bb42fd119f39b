import { Refusal } from '#model'
import * as take from '../registry/parameter.ts'

/** Parameters of everybody who is made. */
export const people = {
  Alias: take.optional(take.string()),
  DisplayName: take.optional(take.string()),
  FirstName: take.optional(take.string()),
  LastName: take.optional(take.string()),
  Initials: take.optional(take.string()),
  PrimarySmtpAddress: take.optional(take.string()),
} as const

interface Names {
  DisplayName?: string
  FirstName?: string
  LastName?: string
  Initials?: string
}

/** The directory's names for what these parameters say. A name that is too long or has control characters → InvalidParameter. */
export function namesOf(name: string, { DisplayName, FirstName, LastName, Initials }: Names) {
  const displayName = (DisplayName ?? name).trim()
  if (displayName === '' || displayName.length > 256 || /[\p{Cc}\p{Cs}]/u.test(displayName)) {
    throw new Refusal('InvalidParameter', '-Name must be text of 1 to 256 characters in one line.', { parameter: 'Name' })
  }
  return {
    displayName,
    ...(FirstName ? { firstName: FirstName } : {}),
    ...(LastName ? { lastName: LastName } : {}),
    ...(Initials ? { initials: Initials } : {}),
  }
}

/** An alias from a name: without spaces and accents, what an alias cannot have becomes `?`, as Exchange does (New-MailContact, -Alias). */
export function aliasFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}|\s/gu, '')
    .replaceAll(/[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/g, '?')
    .replaceAll(/^\.+|\.+$|\.(?=\.)/g, '')
    .slice(0, 64)
}
