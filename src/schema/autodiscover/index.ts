export * from './pox.ts'
export {
  GetDomainSettings,
  GetFederationInformation,
  GetUserSettings,
  UserSetting,
  autodiscoverUri,
  readAutodiscoverEnvelope,
  writeAutodiscoverRequest,
} from './soap.ts'
export { requestElement as autodiscoverRequestElement, responseElement as autodiscoverResponseElement } from './soap.ts'
