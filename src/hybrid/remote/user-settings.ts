import { Refusal } from '#model'
import { GetUserSettings, writeAutodiscoverRequest } from '#schema'
import type { XmlElement } from '#wire'
import { LookupFailure, UnknownThere } from '../failure.ts'

/** The settings that say where another organisation's EWS is ([MS-OXWSADISC] 3.1.4.2). */
const wanted = ['ExternalEwsUrl', 'ExternalEwsVersion', 'InteropExternalEwsUrl', 'InteropExternalEwsVersion']

/** The Autodiscover request for one person's EWS address: a whole SOAP envelope. */
export function writeWhereIsEws(address: string, to: string): string {
  return writeAutodiscoverRequest(GetUserSettings, whereIsEws(address), { to })
}

/** The same without an envelope, for requests whose header is made elsewhere. */
export function whereIsEws(address: string) {
  return { Request: { Users: [{ Mailbox: address }], RequestedSettings: wanted, RequestedVersion: 'Exchange2013' } }
}

export type WhereIsEws = { ewsUrl: string } | { redirectAddress: string } | { redirectUrl: string }

function readAnswer(element: XmlElement) {
  try {
    return GetUserSettings.response.read(element, { local: () => 0, unknownElements: 'skip' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new LookupFailure(
      'AutoDiscoverFailed',
      `Autodiscover gave an answer that cannot be read: ${error.message}`,
      'Check that the discovery endpoint is an Autodiscover service.',
    )
  }
}

/** What the answer says. Anything that leads nowhere → LookupFailure AutoDiscoverFailed with the other side's word for it. */
export function readWhereIsEws(element: XmlElement, address: string): WhereIsEws {
  const { Response } = readAnswer(element)
  const user = Response.UserResponses?.[0]
  const failed = (what: string, remedy: string) => new LookupFailure('AutoDiscoverFailed', what, remedy)
  if (Response.ErrorCode && Response.ErrorCode !== 'NoError') {
    throw failed(
      `Autodiscover refused the request: ${Response.ErrorCode} ${Response.ErrorMessage ?? ''}`.trim(),
      'Look into the other side’s log for the request.',
    )
  }
  if (!user) throw failed('Autodiscover answered about nobody.', 'Check that the discovery endpoint is an Autodiscover service.')
  if (user.ErrorCode === 'RedirectAddress' && user.RedirectTarget) return { redirectAddress: user.RedirectTarget }
  if (user.ErrorCode === 'RedirectUrl' && user.RedirectTarget) return { redirectUrl: user.RedirectTarget }
  if (user.ErrorCode && user.ErrorCode !== 'NoError') {
    const cause = `Autodiscover knows no EWS address for ${address}: ${user.ErrorCode} ${user.ErrorMessage ?? ''}`.trim()
    const remedy = 'Check that the person has a mailbox there, and that the routing address leads to it.'
    throw user.ErrorCode === 'InvalidUser' ? new UnknownThere(cause, remedy) : failed(cause, remedy)
  }
  const value = (name: string) =>
    user.UserSettings?.flatMap((setting) => (setting.is === 'StringSetting' && setting.value.Name === name ? [setting.value.Value] : []))[0]
  const ewsUrl = value('ExternalEwsUrl') || value('InteropExternalEwsUrl')
  if (!ewsUrl) throw failed('Autodiscover names no ExternalEwsUrl.', 'Set the external URL of the EWS virtual directory on the other side.')
  return { ewsUrl }
}
