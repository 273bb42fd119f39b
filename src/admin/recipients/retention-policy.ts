import * as take from '../registry/parameter.ts'
import type { RecipientProperty, Where } from './property.ts'

const kind = 'RetentionPolicy'

/** The retention policy of a mailbox, kept by its GUID: a policy that is renamed stays, one that is removed is none. */
export const retentionPolicy = (where: Where): RecipientProperty => ({
  name: kind,
  ...where,
  parameter: take.optional(take.nullable(take.string()), { summary: 'What is done with items when they are so old; $null = nothing is.' }),
  async get({ kept }, { configuration, organisation }) {
    const identity = kept?.[kind]
    return typeof identity === 'string' ? ((await configuration.find(organisation, kind, identity))?.Name ?? null) : null
  },
  async set(value, { configuration, organisation }) {
    const guid = value === null || value === '' ? undefined : (await configuration.get(organisation, kind, String(value))).Guid
    return ({ kept = {} }) => {
      const { [kind]: _, ...others } = kept
      return { kept: guid === undefined ? others : { ...others, [kind]: guid } }
    }
  },
})
