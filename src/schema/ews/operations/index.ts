import * as folders from './folders.ts'
import * as items from './items.ts'
import * as search from './search.ts'
import type { EwsOperation } from '../operation.ts'

/** Every operation by the element of its request. */
export const ewsOperations: ReadonlyMap<string, EwsOperation> = new Map(
  [folders, items, search]
    .flatMap((room): unknown[] => Object.values(room))
    .filter(isOperation)
    .map((operation) => [operation.requestElement, operation]),
)

function isOperation(value: unknown): value is EwsOperation {
  return typeof value === 'object' && value !== null && 'requestElement' in value
}
