/** ews-javascript-api made to run on this Node, and connected to a site. */
import util from 'node:util'
import { ExchangeService, ExchangeVersion, TimeZoneInfo, Uri, WebCredentials } from 'ews-javascript-api'
import type { PeerSite } from './peer-site.ts'

// The package calls a function of node:util that Node.js 23 removed.
Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined })

export function connectEwsJs(site: PeerSite, address: string, version = ExchangeVersion.Exchange2013_SP1): ExchangeService {
  const service = new ExchangeService(version, TimeZoneInfo.Utc)
  service.Url = new Uri(site.ews)
  service.Credentials = new WebCredentials(address, site.password)
  return service
}
