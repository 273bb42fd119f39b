export type { CmdletDescription, CmdletHost, Invocation, ParameterDescription, Progress } from './cmdlets.ts'
export type * from './contract.ts'
export { Block, Guid, SecureText, Table, Thing, type Value } from './values.ts'
export { apply, formats, gridOf, objectsOf, parseFilter, render, type Filter, type Grid, type GridSort } from './formats.ts'
