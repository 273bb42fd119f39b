export * from './busy.ts'
export * from './suggestions.ts'
export * from './working-hours.ts'
