/** Milliseconds after which nobody waits for a frame: a page that is not looked at has none. */
const patience = 300

/** Comes when what was drawn is on the screen. */
export const painted = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) return done()
    setTimeout(done, patience)
    requestAnimationFrame(() => setTimeout(done))
  })
