import { cmdlet } from '../registry/cmdlet.ts'
import { shownObject } from './shown.ts'

/** What holds for the whole organisation, under the organisation's own name (Get-OrganizationConfig). */
export const getOrganizationConfig = cmdlet('Get-OrganizationConfig', {
  summary: 'Shows the configuration of the organisation.',
  roles: ['Organization Configuration', 'Organization Client Access', 'View-Only Configuration'],
  parameters: {},
  returns: 'OrganizationConfig',
  async run(_, { organisation, directory, configuration }) {
    const owner = await directory.organisation(organisation)
    const shown = shownObject('OrganizationConfig', await configuration.get(organisation, 'OrganizationConfig'))
    return {
      ...shown,
      Identity: owner?.name ?? '',
      Name: owner?.name ?? '',
      DisplayName: owner?.name ?? '',
      LegacyExchangeDN: owner?.legacyDn ?? '',
    }
  },
})
