import { Refusal, weightOf } from '#model'
import { failure, success, type EwsOperation, type Failure, type ResponseMessage, type Success } from '#schema'
import type { EwsContext } from './context.ts'

/** An operation that is there: its messages and what it does. */
export interface EwsVerb {
  operation: EwsOperation
  /** One answer, or for operations that stream, one after the other. */
  run(request: unknown, context: EwsContext): Promise<unknown> | AsyncIterable<unknown>
}

/** Ties an operation's messages to what answers them, with types that fit. */
export function verb<Q, R>(
  operation: EwsOperation<Q, R>,
  run: (request: Q, context: EwsContext) => Promise<R> | AsyncIterable<R>,
): EwsVerb {
  return { operation: operation as EwsOperation, run: run as EwsVerb['run'] }
}

/**
 * Answers each thing asked for by itself, in order: a refusal or a defect of one leaves the others alone (interop 1.1). The
 * payload that comes back is the success; one that names its own ResponseClass stands as it is.
 */
export async function answerEach<I, P extends object>(
  context: EwsContext,
  inputs: readonly I[],
  one: (input: I) => Promise<P | Success<P>>,
): Promise<ResponseMessage<P>[]> {
  const answers: ResponseMessage<P>[] = []
  for (const input of inputs) answers.push(await answerOne(context, () => withinRoom(context, () => one(input))))
  return answers
}

/** Refuses what comes after an answer is as large as it may be → BatchProcessingStopped, or the request has taken too long → TimeoutExpired. */
async function withinRoom<P extends object>(context: EwsContext, body: () => Promise<P>): Promise<P> {
  if (context.room <= 0) throw new Refusal('BatchProcessingStopped', 'The answer is as large as an answer may be; ask for the rest again.')
  if (context.clock() >= context.deadline) throw new Refusal('TimeoutExpired', 'The request takes too long; ask for fewer things at once.')
  const payload = await body()
  context.room -= weightOf(payload)
  return payload
}

/** The same for one thing. */
export async function answerOne<P extends object>(context: EwsContext, body: () => Promise<P | Success<P>>): Promise<ResponseMessage<P>> {
  try {
    const payload = await body()
    const answer = 'ResponseClass' in payload ? (payload as Success<P>) : success(payload)
    context.count(answer.ResponseCode ?? 'NoError')
    return answer
  } catch (error) {
    return failed(context, error) as Failure<P>
  }
}

/** What went wrong as an answer: a refusal by its code, a defect as ErrorInternalServerError with an id that the log has too. */
export function failed(context: Pick<EwsContext, 'count' | 'log' | 'http'>, error: unknown): Failure<object> {
  const refusal = error instanceof Refusal ? error : reported(context, error)
  const answer = failure(refusal, refusal.kind === 'busy' ? 'ErrorServerBusy' : 'ErrorInvalidRequest')
  context.count(answer.ResponseCode ?? 'ErrorInternalServerError')
  return answer
}

/** Logs a defect and gives the refusal that stands for it. */
export function reported({ log, http }: Pick<EwsContext, 'log' | 'http'>, error: unknown): Refusal {
  log.error(
    { event: 'defect', protocol: 'ews', id: http.id, operation: http.log.operation, err: error },
    'an EWS operation failed by a bug',
  )
  return new Refusal('InternalServerError', `The server failed. Tell your administrator the id ${http.id}.`, { id: http.id })
}
