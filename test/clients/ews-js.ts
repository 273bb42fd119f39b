/** ews-javascript-api made to run on this Node, connected to a site, and what its tests share. */
import util from 'node:util'
import {
  DateTime, DateTimeKind, ExchangeService, ExchangeVersion, ItemSchema, ItemView, PropertySet, SearchFilter, TimeZoneInfo, Uri, WebCredentials, WellKnownFolderName,
  type FolderId, type Item,
} from 'ews-javascript-api' // prettier-ignore
import type { PeerSite } from './peer-site.ts'
import { until } from './until.ts'

// The package calls a function of node:util that Node.js 23 removed.
Object.assign(util, { isNullOrUndefined: (value: unknown) => value === null || value === undefined })

export function connectEwsJs(site: PeerSite, address: string, version = ExchangeVersion.Exchange2013_SP1): ExchangeService {
  const service = new ExchangeService(version, TimeZoneInfo.Utc)
  service.Url = new Uri(site.ews)
  service.Credentials = new WebCredentials(address, site.password)
  return service
}

/** The items of a folder with that subject. */
export async function find(service: ExchangeService, folder: WellKnownFolderName | FolderId, subject: string): Promise<Item[]> {
  const filter = new SearchFilter.IsEqualTo(ItemSchema.Subject, subject)
  // The overloads take either, not both.
  const found = await service.FindItems(folder as FolderId, filter, new ItemView(50))
  return found.Items
}

/** The first item of a subject in a folder (the Inbox), once it has arrived, with all its properties. */
export async function arrived(
  service: ExchangeService,
  subject: string,
  folder: WellKnownFolderName = WellKnownFolderName.Inbox,
): Promise<Item> {
  const item = await until(`${subject} in ${WellKnownFolderName[folder]}`, async () => (await find(service, folder, subject))[0])
  await item.Load(PropertySet.FirstClassProperties)
  return item
}

export const utc = (text: string): DateTime => new DateTime(Date.parse(text), DateTimeKind.Utc)

/** A time to the minute, `2031-04-01T10:00Z`. */
export const at = (date: DateTime): string => `${new Date(date.TotalMilliSeconds).toISOString().slice(0, 16)}Z`
