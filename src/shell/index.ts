export type { CmdletDescription, CmdletHost, Invocation, ParameterDescription, Progress } from './cmdlets.ts'
export type * from './contract.ts'
export { createShell } from './shell.ts'
export { Block, Guid, SecureText, Table, Thing, type Value } from './values.ts'
