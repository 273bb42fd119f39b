import { base64, bool, long, oneOf, optional, string } from '../../kernel/index.ts'
import { m, t } from '../namespaces.ts'
import { batch, single } from '../operation.ts'

export const GetAppManifests = single('GetAppManifests', '[MS-OXWSCEXT] 3.1.4.2', {
  request: {},
  message: { Manifests: m.list('Manifest', base64) },
})

export const GetAppMarketplaceUrl = single('GetAppMarketplaceUrl', '[MS-OXWSCEXT] 3.1.4.3', {
  request: {},
  message: { AppMarketplaceUrl: optional(string) },
})

export const ClientAccessTokenRequest = t.record({
  Id: string,
  TokenType: oneOf('CallerIdentity', 'ExtensionCallback', 'ScopedToken', 'ExtensionRestApiCallback'),
  Scope: optional(string),
})

export const ClientAccessToken = t.record({
  Id: string,
  TokenType: oneOf('CallerIdentity', 'ExtensionCallback', 'ScopedToken', 'ExtensionRestApiCallback'),
  TokenValue: string,
  TTL: long,
})

export const GetClientAccessToken = batch('GetClientAccessToken', '[MS-OXWSCEXT] 3.1.4.4', {
  request: { TokenRequests: t.nonEmptyList('TokenRequest', ClientAccessTokenRequest) },
  message: { Token: optional(ClientAccessToken) },
})

export const InstallApp = single('InstallApp', '[MS-OXWSCEXT] 3.1.4.5', {
  request: {
    Manifest: base64,
    MarketplaceAssetId: optional(string),
    MarketplaceContentMarket: optional(string),
    SendWelcomeEmail: optional(bool),
  },
  message: { WasFirstInstall: optional(bool) },
})

export const UninstallApp = single('UninstallApp', '[MS-OXWSCEXT] 3.1.4.6', { request: { ID: string }, message: {} })

export const DisableApp = single('DisableApp', '[MS-OXWSCEXT] 3.1.4.1', {
  request: { ID: string, DisableReason: oneOf('NoReason', 'OutlookClientPerformance', 'OWAClientPerformance', 'MobileClientPerformance') },
  message: {},
})
