export { webRoutes, type WebRoutesNeeds } from './routes.ts'
export type { WebApi } from './verbs.ts'
