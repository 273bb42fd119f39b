export { openSignInPages, type SignInNeeds } from './routes.ts'
