import { systemCaller } from '#model'
import { person, type Person } from '../requirements/person.ts'
import { runLine } from './run-line.ts'
import type { TestSite } from './site.ts'

/**
 * One of the site's people who has the role Mailbox Search and says so with each request (ManagementRole), by an app password: looks into
 * what is purged and held in the mailboxes that are open to them.
 */
export async function discoverer(site: TestSite, alias = 'mary'): Promise<Person> {
  const found = site.people[alias]
  if (!found) throw new Error(`the site has no ${alias}`)
  await runLine(site.admin, systemCaller(site.organisation.id), `New-ManagementRoleAssignment -Role 'Mailbox Search' -User ${alias}`)
  const { password } = await site.signIn.appPasswords.create(found, 'discovery')
  const call: TestSite['call'] = (path, options) => site.call(path, { ...options, password })
  const managementRoles = { user: ['MailboxSearch'], application: [] }
  return person({ call }, alias, { requestServerVersion: 'Exchange2016', managementRoles })
}
