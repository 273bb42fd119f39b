export * from './html/index.ts'
export * from './icalendar/index.ts'
export * from './mime/index.ts'
export * from './xml/index.ts'
