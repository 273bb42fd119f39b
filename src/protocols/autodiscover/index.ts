export type { Endpoints } from './endpoints.ts'
export { autodiscoverRoutes } from './routes.ts'
