/** Apps for the mailbox ([MS-OXWSCEXT]). Nobody has any: what lists them is empty, what names one does not find it. Installing one is not served. */
import { Refusal } from '#model'
import { DisableApp, GetAppManifests, GetAppMarketplaceUrl, GetClientAccessToken, UninstallApp } from '#schema'
import { answerEach, answerOne, verb, type EwsVerb } from '../../verb.ts'

const notInstalled = (id: string): Refusal => new Refusal('ExtensionNotFound', `No app '${id.slice(0, 100)}' is installed.`)

export const appVerbs: readonly EwsVerb[] = [
  verb(GetAppManifests, (_request, context) => answerOne(context, async () => ({ Manifests: [] }))),
  // There is no marketplace: the element is left out.
  verb(GetAppMarketplaceUrl, (_request, context) => answerOne(context, async () => ({}))),
  verb(GetClientAccessToken, ({ TokenRequests }, context) =>
    answerEach(context, TokenRequests, async ({ Id }) => {
      throw notInstalled(Id)
    }),
  ),
  verb(UninstallApp, ({ ID }, context) =>
    answerOne(context, async () => {
      throw notInstalled(ID)
    }),
  ),
  verb(DisableApp, ({ ID }, context) =>
    answerOne(context, async () => {
      throw notInstalled(ID)
    }),
  ),
]
