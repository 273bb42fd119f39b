import { runCommand } from './commands/run.ts'

// The command line: `isthmus lab | serve | store`. Everything it does is in `commands`.
process.exitCode = await runCommand(process.argv.slice(2))
