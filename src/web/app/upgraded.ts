/** Parts that are still missing so soon after the page was loaded anew for them are missing for good, in milliseconds. */
const soon = 60_000

/** A site that was upgraded under an open page no longer has the page's parts: the page is loaded anew, but not again and again, and not without a network. */
export function reloadWhenUpgraded(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine) return
    if (Date.now() - Number(sessionStorage.getItem('reloaded') ?? 0) < soon) return
    sessionStorage.setItem('reloaded', String(Date.now()))
    event.preventDefault()
    location.reload()
  })
}
