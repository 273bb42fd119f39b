import type { TransportConfig } from './contract.ts'

const minute = 60_000
const hour = 60 * minute

/** What holds where the site's configuration says nothing. Retry as RFC 5321 4.5.4.1 advises: often at first, then hourly, for two days. */
export const defaultTransportConfig: TransportConfig = {
  hostname: 'localhost',
  node: 'node',
  maxMessageSize: 36 * 1024 * 1024,
  maxRecipients: 500,
  maxHops: 60,
  maxGroupMembers: 5000,
  routes: [],
  connectionsPerRoute: 5,
  port: 25,
  retry: [minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute, hour],
  delayNotice: 4 * hour,
  expiry: 48 * hour,
  concurrency: 64,
  lease: 15 * minute,
  connectTimeout: minute,
  answerTimeout: 5 * minute,
}
