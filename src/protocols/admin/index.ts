export { adminRoutes, type AdminRoutesNeeds } from './routes.ts'
