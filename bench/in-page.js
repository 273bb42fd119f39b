// What is measured inside the page: an object whose functions answer promises of milliseconds.
;({
  /** The first message of the inbox is on the screen, and can be opened: the frame that shows it is done. */
  painted: (wanted) =>
    new Promise((resolve) => {
      const look = () => {
        if (!document.querySelector(wanted)) return false
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => resolve(performance.now())
        requestAnimationFrame(() => port2.postMessage('painted'))
        return true
      }
      if (look()) return
      const watching = new MutationObserver(() => look() && watching.disconnect())
      watching.observe(document, { childList: true, subtree: true })
    }),

  /** A click on one of the first messages until its subject and its text are there. */
  opened: (index) =>
    new Promise((resolve) => {
      const rows = [...document.querySelectorAll('[role="option"]')]
      const before = document.querySelector('iframe')
      const began = performance.now()
      rows[(index % 6) + 1].click()
      const look = () => {
        const frame = document.querySelector('iframe')
        if (!frame || frame === before) return void requestAnimationFrame(look)
        frame.addEventListener('load', () => resolve(performance.now() - began), { once: true })
      }
      look()
    }),

  /** How long each frame took while the list was scrolled by more than a screen a frame. */
  scrolled: (ms) =>
    new Promise((resolve) => {
      const list = document.querySelector('[role="listbox"]')
      const frames = []
      const began = performance.now()
      let last = began
      const step = (now) => {
        frames.push(now - last)
        last = now
        list.scrollTop += 1200
        if (now - began < ms) requestAnimationFrame(step)
        else resolve(frames.slice(1))
      }
      requestAnimationFrame(step)
    }),
})
