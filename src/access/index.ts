export type * from './http.ts'
export { createAccess, type Access, type SignIn, type SignInEvent } from './access.ts'
export { readCredentials, type Credentials } from './credentials.ts'
export { createLockout, defaultLockout, type Lockout, type LockoutLimits } from './lockout.ts'
