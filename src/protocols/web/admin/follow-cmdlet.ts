import { lateRefusal } from '#access'
import { openStream, type StreamLine } from '#admin'
import { Lines, verb } from '../verb.ts'
import { command } from './invoke-cmdlet.ts'

/** A line of the answer: an object, a warning, how far the work is, that all is done, or why it ended. */
export type CmdletLine = StreamLine

/**
 * Runs a cmdlet as the caller, by the only way in, and tells what comes of it while it runs: all its objects with the marks of their types,
 * its warnings and its progress. Whoever leaves ends it. Nobody is asked here: the client asks before it takes something away.
 */
export const followCmdlet = verb(command, async ({ admin, caller, request, defect }, { name, parameters }) => {
  const { signal } = request
  const refusalOf = lateRefusal(request, defect)
  return new Lines(await openStream((hears) => admin.invoke(caller, name, parameters, { ...hears, signal }), { signal, refusalOf }))
})
