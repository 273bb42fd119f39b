import type { ConfigurationObject } from '#directory'
import type { TransportContext } from './contract.ts'

/** What every message of an organisation is held to, in the form in which it is asked. */
export interface MailRules {
  service?: ConfigurationObject<'TransportService'>
  limits?: ConfigurationObject<'TransportConfig'>
  /** Partner connectors that are switched on. */
  inbound: ConfigurationObject<'InboundConnector'>[]
  /** Receive connectors that are switched on. */
  receive: ConfigurationObject<'ReceiveConnector'>[]
}

/** Milliseconds in which a change made by another process may not be felt; one made here is felt at once. */
const holds = 1000
const most = 1000

/** Reads the rules of organisations, once for many messages. */
export function createMailRules({ configuration, clock }: Pick<TransportContext, 'configuration' | 'clock'>): TransportContext['rules'] {
  const known = new Map<string, { rules: Promise<MailRules>; changes: number; until: number }>()
  if (!configuration) return async () => ({ inbound: [], receive: [] })
  async function read(organisation: string, from: NonNullable<TransportContext['configuration']>): Promise<MailRules> {
    const [[service], [limits], inbound, receive] = await Promise.all([
      from.list(organisation, 'TransportService'),
      from.list(organisation, 'TransportConfig'),
      from.list(organisation, 'InboundConnector'),
      from.list(organisation, 'ReceiveConnector'),
    ])
    return {
      ...(service ? { service } : {}),
      ...(limits ? { limits } : {}),
      inbound: inbound.filter(({ Enabled, ConnectorType }) => Enabled && ConnectorType === 'Partner'),
      receive: receive.filter(({ Enabled }) => Enabled),
    }
  }
  return (organisation) => {
    const found = known.get(organisation)
    const changes = configuration.changes()
    if (found && found.changes === changes && found.until > clock()) return found.rules
    if (known.size >= most) known.clear()
    const rules = read(organisation, configuration)
    known.set(organisation, { rules, changes, until: clock() + holds })
    rules.catch(() => known.delete(organisation))
    return rules
  }
}
