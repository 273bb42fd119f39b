export { signInRoutes, type SignInRoutesNeeds } from './routes.ts'
