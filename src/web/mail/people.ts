/** Who a message is from and to, in words. */
import type { Message } from './mail-tools.ts'

type Address = Message['to'][number]

export const nameOf = ({ name, address }: Address): string => name || address || ''
export const namesOf = (list: readonly Address[]): string => list.map(nameOf).join('; ')

/** With the address, where the name is not that. */
export const inFullOf = (one: Address): string =>
  one.name && one.address && one.name !== one.address ? `${one.name} <${one.address}>` : nameOf(one)
export const allInFull = (list: readonly Address[]): string => list.map(inFullOf).join('; ')
