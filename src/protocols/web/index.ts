export { webRoutes, type WebRoutesNeeds } from './routes.ts'
export type { CmdletLine } from './admin/follow-cmdlet.ts'
export type { WebApi } from './verbs.ts'
