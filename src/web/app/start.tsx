import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ask } from './api.ts'
import { firstAnswer } from './first-answer.ts'
import { isRetried } from './retried.ts'
import { speak } from './culture.ts'
import { createRoutes } from './routes.tsx'
import { SessionContext, SessionOver } from './session.tsx'
import { Later, PaintedFirst } from './later.tsx'
import { listen } from './live.ts'
import { prepareTexts } from './texts.ts'
import { useTheme } from './theme.ts'

/** Shows the client in an element of the page. */
export async function start(root: Element): Promise<void> {
  reloadWhenUpgraded()
  const session = firstAnswer('session', {}) ?? (await ask('session', {}))
  const { language, direction } = speak([session.culture, ...navigator.languages])
  await prepareTexts(language)
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: isRetried }, mutations: { retry: false } } })
  if (session.mailbox) listen(queries)
  const router = createRoutes(session)
  // Shown when it is whole: what comes piece by piece is drawn again with each.
  await router.load()
  // The policy of the page takes styles that carry its nonce.
  const { nonce } = document.querySelector<HTMLElement>('meta[property="csp-nonce"]') ?? {}
  const renderer = createDOMRenderer(document, nonce ? { styleElementAttributes: { nonce } } : {})

  function Client() {
    const theme = useTheme()
    return (
      <RendererProvider renderer={renderer} targetDocument={document}>
        <FluentProvider theme={theme} dir={direction} className="whole">
          <QueryClientProvider client={queries}>
            <SessionContext value={session}>
              <PaintedFirst>
                <RouterProvider router={router} />
                <Later>
                  <SessionOver />
                </Later>
              </PaintedFirst>
            </SessionContext>
          </QueryClientProvider>
        </FluentProvider>
      </RendererProvider>
    )
  }
  createRoot(root).render(
    <StrictMode>
      <Client />
    </StrictMode>,
  )
}

/** Parts that are still missing so soon after the page was loaded anew for them are missing for good, in milliseconds. */
const soon = 60_000

/** A site that was upgraded under an open page no longer has the page's parts: the page is loaded anew, but not again and again, and not without a network. */
function reloadWhenUpgraded(): void {
  window.addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine) return
    if (Date.now() - Number(sessionStorage.getItem('reloaded') ?? 0) < soon) return
    sessionStorage.setItem('reloaded', String(Date.now()))
    event.preventDefault()
    location.reload()
  })
}
