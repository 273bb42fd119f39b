/** An alias from a name: without spaces and accents, what an alias cannot have becomes `?`, as Exchange does (New-MailContact, -Alias). */
export function aliasFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}|\s/gu, '')
    .replaceAll(/[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/g, '?')
    .replaceAll(/^\.+|\.+$|\.(?=\.)/g, '')
    .slice(0, 64)
}
