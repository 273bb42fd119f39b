import { headerNamed, type ParsedMessage } from '#wire'

/** True for what says of itself that a program sent it (RFC 3834 5: any Auto-Submitted but `no`). */
export function isAutomatic({ headers }: Pick<ParsedMessage, 'headers'>): boolean {
  const said = headerNamed(headers, 'auto-submitted')?.value.split(';', 1)[0]?.trim().toLowerCase()
  return said !== undefined && said !== '' && said !== 'no'
}
