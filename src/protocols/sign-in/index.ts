export { openSignInPages, type SignInNeeds } from './routes.ts'
export type { BrowserSessions } from './session.ts'
