/** A question to show the factors anew: whoever asks waits for whether they were shown. */
export class StepUp extends Event {
  readonly message: string
  readonly answer: (shown: boolean) => void
  constructor(message: string, answer: (shown: boolean) => void) {
    super('stepUp')
    this.message = message
    this.answer = answer
  }
}

/** Hears of cmdlets that ask for factors shown not long ago. */
export const stepUps = new EventTarget()

/** Whether the caller showed the factors anew. */
export const factorsShown = (message: string): Promise<boolean> =>
  new Promise((resolve) => stepUps.dispatchEvent(new StepUp(message, resolve)))
