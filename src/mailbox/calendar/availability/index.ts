export { createAvailability } from './availability.ts'
export type * from './contract.ts'
export type { AvailabilityContext } from './person.ts'
