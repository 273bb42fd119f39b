/** Debian's Thunderbird, headless, in a profile of its own, that knows nobody but the site. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '../../clients/until.ts'
import { requireProgram, startProgram } from '../programs.ts'
import { connectMarionette } from './marionette.ts'

const program = '/usr/lib/thunderbird/thunderbird'

export interface Thunderbird {
  /** Calls a function of `inside.js` in Thunderbird. */
  call<T>(name: string, ...args: unknown[]): Promise<T>
  /** What a dialog tells the person; it is closed. */
  alert(): Promise<string>
  close(): Promise<void>
}

/** Nothing is asked of anybody by itself, and whoever is asked is asked through the proxy. */
const preferences = (proxy: number) => ({
  'marionette.port': 0,
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': proxy,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': proxy,
  'network.proxy.no_proxies_on': '',
  'network.proxy.failover_direct': false,
  'network.dns.disabled': true,
  'network.connectivity-service.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.manage-offline-status': false,
  'app.update.enabled': false,
  'app.update.auto': false,
  'app.normandy.enabled': false,
  'app.donation.eoy.version.viewed': 999,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
  'browser.safebrowsing.update.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'extensions.update.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.blocklist.enabled': false,
  'mail.inappnotifications.enabled': false,
  'mail.inappnotifications.url': '',
  'mail.provider.suppress_dialog_on_startup': true,
  'mail.rights.version': 1,
  'mail.shell.checkDefaultClient': false,
  'mail.spotlight.firstRunDone': true,
  'mail.winsearch.firstRunDone': true,
  'mailnews.start_page.enabled': false,
  'mailnews.start_page_override.mstone': 'ignore',
  'mailnews.database.global.indexer.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
})

/** Starts it in a home folder, which may have been used before; resolves when it can be driven. */
export async function startThunderbird({ home, proxy }: { home: string; proxy: number }): Promise<Thunderbird> {
  requireProgram(program, 'thunderbird')
  const profile = join(home, 'profile')
  await mkdir(profile, { recursive: true })
  const portFile = join(profile, 'MarionetteActivePort')
  await rm(portFile, { force: true })
  const lines = Object.entries(preferences(proxy)).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`)
  await writeFile(join(profile, 'user.js'), lines.join('\n') + '\n')
  const args = ['--headless', '--no-remote', '--profile', profile, '--marionette', '--remote-allow-system-access']
  const running = startProgram(program, args, { HOME: home, TMPDIR: home, MOZ_CRASHREPORTER_DISABLE: '1' })
  try {
    const port = await until('Marionette', () => readFile(portFile, 'utf8').then(Number, () => 0), 60)
    const driver = await connectMarionette(port, 60)
    const inside = await readFile(join(import.meta.dirname, 'inside.js'), 'utf8')
    return {
      call: async <T>(name: string, ...args: unknown[]) =>
        (await driver.run(`${inside}\nreturn inside.${name}(...arguments)`, ...args)) as T,
      alert: () => until('a dialog', () => driver.alert()),
      close: async () => {
        try {
          await driver.quit()
        } finally {
          driver.close()
          await running.stop()
        }
      },
    }
  } catch (cause) {
    await running.stop()
    throw new Error(`Thunderbird does not let itself be driven\n${running.output().slice(-3000)}`, { cause })
  }
}
