export { createAdmin, type Admin, type AdminNeeds, type InvokeOptions } from './admin.ts'
export { createAuditReader } from './audit/log.ts'
export { auditSearchCmdlets } from './audit/new-search.ts'
export { auditSearchJob, type JobKind } from './audit/search-job.ts'
export { cmdletPages } from './documents/cmdlet-pages.ts'
export { openApiOf } from './documents/open-api.ts'
export { powerShellManifest, powerShellModule } from './documents/power-shell.ts'
export { syntaxOf } from './documents/syntax.ts'
export { serverName } from './site/server-name.ts'
export { siteCmdlets, type SiteFacts } from './site/servers.ts'
export { mailFlowCmdlets } from './mail-flow/index.ts'
export { hybridCmdlets } from './hybrid/index.ts'
export { updateHybridConfiguration, type HybridWizardNeeds, type Tenant } from './hybrid/update-hybrid-configuration.ts'
export { mailboxAuditCmdlets } from './mailbox-audit/index.ts'
export { mailboxAuditSearchJob } from './mailbox-audit/mailed-search.ts'
export { newMailboxAuditSearch } from './mailbox-audit/new-search.ts'
export { holdCmdlets } from './holds/index.ts'
export { mailboxSearchJob } from './holds/search-job.ts'
export { mailboxCmdlets } from './mailboxes/index.ts'
export { recoverableCmdlets } from './recoverable/index.ts'
export { retentionCmdlets } from './retention/index.ts'
export { signInCmdlets } from './sign-in/index.ts'
export { mailboxMakers } from './recipients/mailbox.ts'
export { manifestOf, type CmdletManifest } from './manifest.ts'
export { masked, type AdminAudit } from './registry/audit.ts'
export {
  cmdlet,
  type Cmdlet,
  type CmdletContext,
  type CmdletOutput,
  type CmdletRow,
  type Example,
  type ProgressRecord,
} from './registry/cmdlet.ts'
export { commonParameters, describe } from './registry/describe.ts'
export * as parameter from './registry/parameter.ts'
export type { Arguments, ListChange, Parameter, Parameters, ParameterType } from './registry/parameter.ts'
export { defaultSignInPolicy, type SignInPolicy } from './rights.ts'
export type {
  Health,
  HealthFinding,
  MatrixRow,
  Services,
  ServiceState,
  ServiceStatus,
  SiteAdministration,
  Supportability,
  SupportFinding,
} from './services/contract.ts'
export { serviceCmdlets } from './services/service-cmdlets.ts'
export { supportabilityCmdlets } from './services/supportability-cmdlets.ts'
export { openStream, type StreamLine } from './stream.ts'
