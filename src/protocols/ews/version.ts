import { Refusal, type PropertyRow } from '#model'

/** Schema versions in their order ([MS-OXWSCDATA] 2.2.3.10). `Exchange2019` is not of the schema, but clients send it. */
export const versions = [
  'Exchange2007',
  'Exchange2007_SP1',
  'Exchange2009',
  'Exchange2010',
  'Exchange2010_SP1',
  'Exchange2010_SP2',
  'Exchange2012',
  'Exchange2013',
  'Exchange2013_SP1',
  'Exchange2015',
  'Exchange2016',
  'Exchange2019',
] as const
export const newestVersion = versions.length - 1

/** The place of a RequestServerVersion among `versions`; none = the oldest that clients speak who send none. InvalidServerVersion. */
export function versionNumber(name: string | undefined): number {
  if (name === undefined) return versions.indexOf('Exchange2013_SP1')
  const exact = (versions as readonly string[]).indexOf(name)
  if (exact >= 0) return exact
  // Later builds say `V2017_07_11` and the like.
  if (/^V20\d\d_\d\d_\d\d$/.test(name)) return newestVersion
  throw new Refusal('InvalidServerVersion', `RequestServerVersion: expected one of ${versions.join('|')}, not '${name.slice(0, 40)}'`)
}

/** True when something that `until` was the last to have is gone in the version. */
export function goneAfter(until: PropertyRow['until'], version: number): boolean {
  return until !== undefined && versions.indexOf(until) < version
}

/** True when something that came with `since` is not yet in the version. */
export function notSince(since: PropertyRow['since'], version: number): boolean {
  return since !== undefined && versions.indexOf(since) > version
}
