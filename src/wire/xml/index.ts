export * from './element.ts'
export * from './read.ts'
export * from './tree.ts'
export * from './write.ts'
