export { ewsRoutes, type EwsDeps, type EwsLimits } from './routes.ts'
