export { ewsRoutes, type EwsDeps, type EwsLimits } from './routes.ts'
export { serverVersion } from './dispatch.ts'
