// table
import type { ArgumentValue } from './runtime.ts'

/** Cmdlets of Exchange Online that do what others do, which have every property without being asked. */
const online = ['Mailbox', 'CasMailbox', 'Recipient', 'MailboxStatistics', 'MailboxPermission', 'RecipientPermission', 'MailboxFolderStatistics', 'MailboxFolderPermission', 'MobileDeviceStatistics'] // prettier-ignore
const asked = /^(properties|propertysets)$/i

/** What a command of another name is here, and what of its arguments stays; undefined for one that is what it is. */
export function otherName(name: string, args: readonly ArgumentValue[]): { name: string; args: readonly ArgumentValue[] } | undefined {
  // The script that opens Exchange's own shell.
  if (/(^|[\\/])remoteexchange\.ps1$/i.test(name))
    return { name: 'Connect-ExchangeServer', args: [{ kind: 'parameter', name: 'auto', hasValue: false }] }
  const found = /^get-exo(.+)$/i.exec(name)?.[1]?.toLowerCase()
  const known = found === undefined ? undefined : online.find((one) => one.toLowerCase() === found)
  return known === undefined ? undefined : { name: `Get-${known}`, args: withoutAsked(args) }
}

function withoutAsked(args: readonly ArgumentValue[]): ArgumentValue[] {
  const isAsked = (one: ArgumentValue | undefined) => one?.kind === 'parameter' && asked.test(one.name)
  return args.filter((one, at) => {
    const before = args[at - 1]
    return !isAsked(one) && !(one.kind === 'value' && isAsked(before) && before?.kind === 'parameter' && !before.hasValue)
  })
}
