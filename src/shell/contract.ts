import type { CmdletDescription, CmdletHost, Progress } from './cmdlets.ts'
import type { Value } from './values.ts'

/** A column or line of a view: a property by its name (wildcards are resolved by the view), or one that a script block calculates. */
export interface Column {
  /** Heading; may hold `*` and `?` when `value` is absent. */
  name: string
  /** Calculated; absent = the property called `name`. */
  value?: (object: Value) => Promise<Value>
  /** In characters. */
  width?: number
  alignment?: 'left' | 'center' | 'right'
  /** .NET format text, `N2`. */
  format?: string
}

export interface ViewOptions {
  /** Characters of a line. */
  width: number
  /** Absent = the columns of the type's description, or those properties that PowerShell would take. */
  columns?: readonly Column[]
  /** A heading and a view of its own for each run of equal values. */
  groupBy?: Column
  /** `$FormatEnumerationLimit`: values of a list that are shown; -1 = all. */
  enumerationLimit: number
  /** Descriptions by type name, for the default columns. */
  describe: (type: string) => CmdletDescription | undefined
  /** Format-Table only. */
  autoSize?: boolean
  wrap?: boolean
  hideHeaders?: boolean
  /** Format-Wide only: number of columns. */
  across?: number
}

/** One view: objects in, lines out (without line ends), as soon as they can be known and in bounded memory. Never throws for a value. */
export type View = (objects: AsyncIterable<Value>, options: ViewOptions) => AsyncIterable<string>

export interface CsvOptions {
  delimiter: string
  /** First line `#TYPE …`. */
  typeInformation: boolean
  /** Reading: names of the columns in the place of the first line. */
  header?: readonly string[]
  /** Writing: which values stand in quotes. */
  quotes?: 'Always' | 'AsNeeded' | 'Never'
  /** Writing on: the names of the columns that the file has; neither they nor `#TYPE` are written again. */
  existing?: readonly string[]
  /** Writing on: objects that lack a column are written with nothing there, instead of being refused. */
  force?: boolean
}

/** How objects become text and come back. What is malformed is refused: ScriptProblem with the line. */
export interface Formats {
  /** What a pipeline shows at its end: texts as they are, objects as table or list by their kind. */
  default: View
  table: View
  list: View
  wide: View
  custom: View
  csv: {
    /** Lines without line ends. */
    write(objects: AsyncIterable<Value>, options: CsvOptions): AsyncIterable<string>
    /** From pieces of text, cut anywhere. */
    read(text: AsyncIterable<string>, options: CsvOptions): AsyncIterable<Value>
    /** Names of the columns of what is there, to write on under them; undefined when it is empty. */
    header(text: AsyncIterable<string>, delimiter: string): Promise<readonly string[] | undefined>
  }
  clixml: {
    /** Pieces of one document ([MS-PSRP] 2.2.5). */
    write(objects: AsyncIterable<Value>, options: { depth: number }): AsyncIterable<string>
    /** From pieces of text, cut anywhere. */
    read(text: AsyncIterable<string>): AsyncIterable<Value>
  }
}

/** Files as the user wrote their names (`c:\temp\movereport.xml`). What is not there is refused: ObjectNotFound; what may not be: AccessDenied. */
export interface Files {
  /** Pieces of the text, cut anywhere. `encoding` as PowerShell names it; absent = what the file says of itself, else UTF-8. */
  readText(path: string, options: { encoding?: string; signal: AbortSignal }): AsyncIterable<string>
  /** Written as a whole: the old file stays until the last piece is there, unless `append`. `noClobber`: NameTaken when it exists. */
  writeText(
    path: string,
    text: AsyncIterable<string>,
    options: { encoding?: string; append?: boolean; noClobber?: boolean; signal: AbortSignal },
  ): Promise<void>
  readBytes(path: string, options: { signal: AbortSignal }): Promise<Uint8Array>
  writeBytes(path: string, bytes: Uint8Array, options: { signal: AbortSignal }): Promise<void>
  exists(path: string): Promise<boolean>
  /** Where relative names start, as shown by `$PWD`. */
  readonly location: string
}

export interface Style {
  /** PowerShell's names: `Red`, `DarkGray`. */
  foreground?: string
  background?: string
}

export type StreamKind = 'error' | 'warning' | 'verbose' | 'debug' | 'information'

/** The person at the shell. Nothing here is called when nobody is asked. */
export interface Terminal {
  /** Characters of a line now. */
  readonly width: number
  /** Output, as it is: line ends are part of the text. */
  write(text: string, style?: Style): void | Promise<void>
  /** A message of a stream; one line or more, without the last line end and without the prefix (`WARNING: `), which the terminal puts. */
  say(kind: StreamKind, text: string): void | Promise<void>
  progress(record: Progress): void
  /** One line, without its end; undefined at the end of input. */
  readLine(prompt: string, signal: AbortSignal): Promise<string | undefined>
  readSecret(prompt: string, signal: AbortSignal): Promise<string | undefined>
  /** `Out-GridView`: shows, filters, and gives the chosen objects if `choose`. Absent = refused by name. */
  grid?(objects: AsyncIterable<Value>, options: GridOptions): Promise<readonly Value[]>
  clear(): void
}

export interface GridOptions {
  title: string
  choose: 'none' | 'one' | 'many'
  describe: (type: string) => CmdletDescription | undefined
  signal: AbortSignal
}

export interface Limits {
  /** Calls of functions and script blocks within each other. */
  calls: number
  /** Brackets, blocks and operators within each other in the text. */
  nesting: number
  /** Characters of a script. */
  script: number
  /** Characters of a text made by one operation. */
  text: number
  /** Elements of an array made by one operation. */
  elements: number
  /** Steps of matching one regular expression. */
  matching: number
  /** Statements, calls and objects passed on; absent = none. */
  steps?: number
}

export interface ShellOptions {
  host?: CmdletHost
  terminal: Terminal
  files?: Files
  formats: Formats
  /** What `$env:X` reads. */
  environment?: Readonly<Record<string, string>>
  /** Milliseconds since 1970. */
  clock: () => number
  /** 0 ≤ n < 1, for `Get-Random` and `New-Guid`. */
  random?: () => number
  limits?: Partial<Limits>
  /** Identities that begin with `text`, for the completion of parameters that name an object. */
  identities?: (cmdlet: string, parameter: string, text: string) => Promise<readonly string[]>
  /** Shown by `$host.Name` and `$PSVersionTable`. */
  name?: string
  version?: string
}

export interface Completion {
  /** What replaces the text from `start` to `end`. */
  text: string
  /** What a menu shows. */
  label: string
  start: number
  end: number
  kind: 'cmdlet' | 'parameter' | 'value' | 'variable' | 'property' | 'keyword'
  says?: string
}

export interface HistoryEntry {
  id: number
  command: string
  start: number
  end: number
  status: 'Completed' | 'Failed' | 'Stopped'
}

export interface Shell {
  /**
   * Runs a script; the objects it gives come as they are made. Errors that do not end it are said on the terminal. One that ends it, a syntax
   * error and a limit are thrown as `Refusal`. Leaving the loop or `signal` ends everything at once.
   */
  run(script: string, options?: RunOptions): AsyncIterable<Value>
  /** Runs a script and shows what it gives; errors are said on the terminal, those that end it too. Never throws a `Refusal`. */
  runToTerminal(script: string, options?: RunOptions): Promise<RunEnd>
  /** What can stand at `position` (an offset in the text). Never refuses. */
  complete(text: string, position: number): Promise<Completion[]>
  /** False when the text is unfinished: an open bracket, quote or pipe asks for another line. Text that is wrong is complete. */
  isComplete(text: string): boolean
  /** Variables of the session, by their names without `$`. */
  readonly variables: {
    get(name: string): Value | undefined
    set(name: string, value: Value): void
    names(): string[]
  }
  readonly history: readonly HistoryEntry[]
}

export interface RunEnd {
  /** That of `exit`; else 1 when the last command failed or an error ended the script, and 0. */
  code: number
  /** The script said `exit`: a prompt ends too. */
  exits: boolean
}

export interface RunOptions {
  signal?: AbortSignal
  /** `$args`. */
  args?: readonly Value[]
  /** What stands behind a script on a command line: values, and parameters by name (`-Identity mary`, `-Force`, `-Confirm:$false`). */
  words?: readonly string[]
}
