/**
 * Tree ↔ value: the schema kernel and the messages declared with it. The same tables read requests and answers and write both.
 *
 * A server answers a request like this:
 * ```ts
 * const { headers, body } = readEnvelope(readXml(bytes, { size: limit }))   // Refusal → writeFault('ErrorSchemaValidation', …)
 * const operation = ewsOperations.get(body.name)                            // undefined → a fault with ErrorInvalidRequest
 * const request = FindItem.request.read(body, {
 *   local: (text, zone) => instant of `2030-03-04T09:00:00.000` in `zone` or else in headers.timeZoneContext or the mailbox's,
 * })
 * const answer = [success({ RootFolder: { Found: { is: 'Items', value: [{ kind: 'message', properties: { subject: 'Hi' } }] },
 *   TotalItemsInView: 1, IncludesLastItemInRange: true } })]                // or failure(refusal), per message
 * const xml = FindItem.response.write(`m:${FindItem.responseElement}`, answer, { dateTime: utcSeconds })
 * response.end(writeEnvelope(xml, serverVersion))                           // streaming: writeStreamedEnvelope
 * ```
 * A refusal of the whole request in the operation's own shape: `operation.refused(failure(refusal))`. Values that are well
 * inside a request where one thing is wrong carry `refusal` (items, folders, updates, additional properties): throw it as
 * that item's answer. A value of an XSD choice is `{ is: 'ItemId', value: { Id, ChangeKey } }`.
 */
export * from './kernel/index.ts'
export * from './ews/index.ts'
export * from './autodiscover/index.ts'
