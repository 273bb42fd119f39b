import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { Refusal } from '#model'
import { StartProblem } from '../start-problem.ts'

/** Runs a command line; answers the exit code. What went wrong is said on standard error, with what to do about it. */
export async function runCommand(words: string[]): Promise<number> {
  const state = { code: 0 }
  const program = commandLine((code) => (state.code = code))
  try {
    await program.parseAsync(words, { from: 'user' })
    return state.code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    console.error(explained(error))
    return 1
  }
}

function explained(error: unknown): string {
  if (error instanceof StartProblem) return `isthmus: ${error.message}\n  ${error.advice}`
  if (error instanceof Refusal) return `isthmus: ${error.message}`
  return `isthmus stopped by a bug:\n${error instanceof Error ? error.stack : String(error)}`
}

// Commands are loaded when they run: `--help` needs none of them, and `store check` needs no web server.
function commandLine(done: (code: number) => void): Command {
  const program = new Command('isthmus')
    .description('An open, Exchange-compatible mail, calendar and contacts server.')
    .exitOverride()
    .showHelpAfterError('Run with --help to see what there is.')
  program
    .command('lab')
    .description('contoso.com on-premises, an online service and the auth service, joined, with people, mail and appointments')
    .option('--fresh', 'empty the data folder first')
    .option('--data <folder>', 'where the data is kept', 'data')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--port-base <port>',
      'HTTPS, SMTP, submission, plain HTTP on-premises, then HTTPS, SMTP, submission online, then the auth service, on this port and the next ones; 0 = any free ports (otherwise 8443, 2525, 2587, 8080; 9443, 3525, 3587; 7443)',
      portNumber,
    )
    .option('--password <text>', 'password of every lab user', 'Isthmus!2026')
    .option('--seed <file>', 'add the people of this JSON file')
    .option('--insecure-http', 'serve plain HTTP on 127.0.0.1 too')
    .option('--allow-unsupported', 'start on a runtime or database that this release does not support')
    .addOption(new Option('--only <site>', 'one of the three sites in this process').choices(['onprem', 'online', 'auth']))
    .addOption(
      new Option('--log-level <level>', 'what goes into the log').choices(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
    )
    .action(async (options) => done(await (await import('./lab.ts')).lab(options)))
  program
    .command('serve')
    .description('serve a site from a configuration file')
    .requiredOption('--config <file>', 'the configuration (JSON)')
    .option('--allow-unsupported', 'start on a runtime or database that this release does not support')
    .option('--seed <file>', 'add the people of this JSON file, where they are not there yet')
    .action(async (options) => done(await (await import('./serve.ts')).serve(options)))
  const setup = program.command('setup').description('prepare a machine for this release, or find out whether it is ready')
  setup
    .option('--check', 'only compare this machine with what the release supports; changes nothing')
    .option('--config <file>', 'with the database of this configuration')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./setup.ts')).setupCheck(options)))
  const store = program.command('store').description('look after the data of a site')
  const where = (command: Command) =>
    command.option('--data <folder>', 'the data folder', 'data').option('--config <file>', 'take the store from this configuration instead')
  where(store.command('check').description('compare counts, find orphans, re-read every blob')).action(async (options) =>
    done(await (await import('./store.ts')).storeCheck(options)),
  )
  where(store.command('backup <folder>').description('copy the data to an empty folder, also while the server runs')).action(
    async (folder: string, options) => done(await (await import('./store.ts')).storeBackup(folder, options)),
  )
  where(store.command('restore <folder>').description('put a backup back into an empty data folder')).action(
    async (folder: string, options) => done(await (await import('./store.ts')).storeRestore(folder, options)),
  )
  const more = administration(program, done)
  for (const command of [...program.commands, ...store.commands, ...more]) command.exitOverride()
  return program
}

/** The commands that speak with a running site through the socket in its data folder. */
function administration(program: Command, done: (code: number) => void): readonly Command[] {
  const at = (command: Command) =>
    command
      .option('--data <folder>', 'the data folder of the site, or of a lab', 'data')
      .addOption(new Option('--site <site>', 'which of a lab’s sites (otherwise onprem)').choices(['onprem', 'online', 'auth']))
      .option('--organisation <name>', 'which organisation of the site: domain, name or GUID')
      .option('--json', 'as JSON')
  at(
    program
      .command('shell [script] [words...]')
      .description('the management shell: a prompt, or a script from a file, from -c or from standard input')
      .option('-c, --command <text>', 'run this script')
      .option('--connect <url>', 'a site elsewhere, https://host:port; sign in there (otherwise the site with --data on this machine)')
      .option('--ca <file>', 'with --connect: certificate authority to trust beside the system’s (PEM)')
      .option('--browser', 'with --connect: sign in with the browser of this machine instead of a code')
      .option('--sign-out', 'with --connect: end the session there and forget its tokens'),
  ).action(async (script: string | undefined, more: string[], options) =>
    done(await (await import('./shell/shell.ts')).shellCommand(script, more, options)),
  )
  program
    .command('token')
    .description('sign in at a site elsewhere and print an access token, for Update-HybridConfiguration -TenantAccessToken')
    .requiredOption('--connect <url>', 'the site, https://host:port')
    .requiredOption('--organisation <name>', 'which organisation: one of its domains')
    .option('--ca <file>', 'certificate authority to trust beside the system’s (PEM)')
    .option('--browser', 'sign in with the browser of this machine instead of a code')
    .action(async (options) => done(await (await import('./token.ts')).tokenCommand(options)))
  const trace = program.command('trace').description('make a lookup across organisations and show every step of it')
  at(
    trace
      .command('freebusy')
      .description('who has time when, asked as one person for others')
      .requiredOption('--from <address>', 'one of our people')
      .requiredOption('--to <addresses...>', 'the people asked for')
      .option('--days <number>', 'how many days from today (1 to 62)', dayCount, 1),
  ).action(async (options) => done(await (await import('./administer.ts')).traceFreeBusy(options)))
  const hybrid = program.command('hybrid').description('the Hybrid Configuration Wizard between two running sites')
  const wizard = (verb: 'setup' | 'remove', text: string) =>
    hybrid
      .command(verb)
      .description(text)
      .option('--data <folder>', 'a lab’s folder, or the data folder of the site on-premises', 'data')
      .option('--online <folder>', 'the data folder of the online site')
      .option('--online-organisation <name>', 'which organisation of the online site')
      .option('--plan <file>', 'the answers to the wizard’s questions (JSON)')
      .option('--dry-run', 'only say what would change')
      .action(async (options) => done(await (await import('./administer.ts')).hybridWizard(verb, options)))
  wizard('setup', 'set the hybrid up, or bring it back to what it should be')
  wizard('remove', 'take away what the wizard made')
  return [...trace.commands, ...hybrid.commands]
}

function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65528) throw new InvalidArgumentError('a number from 0 to 65528')
  return port
}

function dayCount(text: string): number {
  const days = /^\d+$/.test(text) ? Number(text) : 0
  if (days < 1 || days > 62) throw new InvalidArgumentError('a number from 1 to 62')
  return days
}
