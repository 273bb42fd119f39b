import type { SeedPersonInput } from './seed-file.ts'

const zone = { timeZone: 'W. Europe Standard Time' } as const

/** The online organisation of Contoso: Joe lives there; colleagues on-premises are mail users, as directory synchronisation makes them. */
export const contosoOnlinePeople: readonly SeedPersonInput[] = [
  {
    address: 'joe@contoso.com', displayName: 'Joe Healy', title: 'Sales Representative', department: 'Sales', ...zone,
    aliases: ['joe@contoso.online.example'],
  },
  ...[
    ['mary', 'Mary Jensen'], ['rob', 'Rob Young'], ['ann', 'Ann Beebe'], ['administrator', 'Administrator'],
  ].map(([alias = '', displayName = '']) => ({ address: `${alias}@contoso.com`, displayName, kind: 'mailUser' as const })),
] // prettier-ignore

/** The partner organisation at the same online service. */
export const fabrikamPeople: readonly SeedPersonInput[] = [
  { address: 'fay@fabrikam.online.example', displayName: 'Fay Nix', title: 'Purchasing', ...zone },
]

/** Joe as on-premises knows him: a mail user whose mailbox is online. */
export const remoteJoe: SeedPersonInput = {
  address: 'joe@contoso.com',
  displayName: 'Joe Healy',
  kind: 'mailUser',
  externalAddress: 'joe@contoso.online.example',
  aliases: ['joe@contoso.online.example'],
  title: 'Sales Representative',
  department: 'Sales',
}
