export { authServiceRoutes, type AuthServiceDeps } from './routes.ts'
