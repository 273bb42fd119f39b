/** Apps for the mailbox ([MS-OXWSCEXT]): the manifests that its owner installed, kept for clients. Nothing of an app runs here. */
import { Refusal } from '#model'
import { DisableApp, GetAppManifests, GetAppMarketplaceUrl, GetClientAccessToken, InstallApp, UninstallApp } from '#schema'
import { answerEach, answerOne, verb, type EwsVerb } from '../../verb.ts'

export const appVerbs: readonly EwsVerb[] = [
  verb(GetAppManifests, (_request, context) =>
    answerOne(context, async () => {
      const apps = await context.mailboxes.apps(context.caller, await context.ownMailbox())
      return { Manifests: apps.filter(({ disabled }) => disabled === undefined).map(({ manifest }) => manifest) }
    }),
  ),
  // There is no marketplace: the element is left out.
  verb(GetAppMarketplaceUrl, (_request, context) => answerOne(context, async () => ({}))),
  verb(GetClientAccessToken, ({ TokenRequests }, context) =>
    answerEach(context, TokenRequests, async ({ Id }) => {
      const wanted = Id.trim().toLowerCase()
      const apps = await context.mailboxes.apps(context.caller, await context.ownMailbox())
      if (!apps.some(({ id }) => id === wanted)) throw new Refusal('ExtensionNotFound', `No app '${Id.slice(0, 100)}' is installed.`)
      throw new Refusal(
        'InvalidClientAccessTokenRequest',
        'This server gives apps no tokens of its own: let people sign in to the app by OpenID Connect.',
      )
    }),
  ),
  verb(InstallApp, ({ Manifest }, context) =>
    answerOne(context, async () => ({
      WasFirstInstall: await context.mailboxes.installApp(context.caller, await context.ownMailbox(), Manifest),
    })),
  ),
  verb(UninstallApp, ({ ID }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.uninstallApp(context.caller, await context.ownMailbox(), ID)
      return {}
    }),
  ),
  verb(DisableApp, ({ ID, DisableReason }, context) =>
    answerOne(context, async () => {
      await context.mailboxes.disableApp(context.caller, await context.ownMailbox(), ID, DisableReason)
      return {}
    }),
  ),
]
