export { authServiceRoutes, federationAddresses, type AuthServiceDeps } from './routes.ts'
