export { createPushes } from './notify/push/pushes.ts'
export type { PushJobs, Pushes } from './notify/push/contract.ts'
export { ewsRoutes, type EwsDeps, type EwsLimits } from './routes.ts'
