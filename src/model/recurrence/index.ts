export * from './days.ts'
export * from './regenerate.ts'
export * from './series.ts'
export * from './validate.ts'
