export { defaultTransportConfig } from './config.ts'
export type * from './contract.ts'
export { createResolver } from './resolver.ts'
export { createTransport } from './transport.ts'
