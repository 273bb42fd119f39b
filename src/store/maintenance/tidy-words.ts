import type { Engine } from '../engine.ts'

/** Gives back the room that the words of removed items take in the text index, in pieces of one short write each. */
export async function tidyWords(engine: Engine): Promise<void> {
  while (await engine.write((session) => session.flavour.tidyWords(session)));
}
