import type { SeedPersonInput } from './seed-file.ts'

/** Who lives in the lab, one row each. The domain is filled in. */
export function labPeople(domain: string): SeedPersonInput[] {
  const at = (name: string) => `${name}@${domain}`
  const zone = { timeZone: 'W. Europe Standard Time' } as const
  return [
    {
      address: at('mary'), displayName: 'Mary Jensen', title: 'Head of Projects', department: 'Projects', office: 'Building 1, 214',
      phones: { BusinessPhone: '+49 30 555 0101', MobilePhone: '+49 171 555 0101' }, manager: at('administrator'), ...zone,
      aliases: [at('mary.jensen')], folders: ['Projects/Atlas', 'Projects/Borealis', 'Receipts'],
      delegates: [{ user: at('ann'), calendar: 'Editor', inbox: 'Reviewer' }],
    },
    {
      address: at('rob'), displayName: 'Rob Young', title: 'Software Engineer', department: 'Engineering', office: 'Building 1, 118',
      phones: { BusinessPhone: '+49 30 555 0102' }, manager: at('mary'), ...zone, folders: ['Builds', 'Customers'],
    },
    {
      address: at('ann'), displayName: 'Ann Beebe', title: 'Office Manager', department: 'Office', office: 'Building 1, 101',
      phones: { BusinessPhone: '+49 30 555 0103' }, manager: at('mary'), ...zone, folders: ['Travel'],
    },
    {
      address: at('administrator'), displayName: 'Administrator', title: 'Administrator', department: 'IT', ...zone,
      rights: { roles: ['ApplicationImpersonation', 'Organization Management'] }, aliases: [at('postmaster')],
    },
    {
      address: at('sales'), displayName: 'Contoso Sales', kind: 'shared', department: 'Sales', ...zone, folders: ['Offers'],
      rights: { fullAccess: [at('mary'), at('rob')], sendAs: [at('mary'), at('rob')], sendOnBehalf: [at('mary'), at('rob')] },
    },
    { address: at('room1'), displayName: 'Room 1 (Berlin)', kind: 'room', capacity: 12, office: 'Building 1', ...zone },
    { address: at('room2'), displayName: 'Room 2 (Berlin)', kind: 'room', capacity: 4, office: 'Building 1', ...zone },
    { address: at('rooms'), displayName: 'Rooms in Building 1', kind: 'roomList', groupMembers: [at('room1'), at('room2')] },
    { address: at('staff'), displayName: 'All Staff', kind: 'group', groupMembers: [at('mary'), at('rob'), at('ann'), at('administrator')] },
  ] // prettier-ignore
}
