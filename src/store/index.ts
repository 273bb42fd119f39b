export type * from './contract.ts'
export * from './mail-flow/contract.ts'
export { createStore } from './open.ts'
export { postgresVersion } from './version.ts'
