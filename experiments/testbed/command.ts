import { execFile } from 'node:child_process'

/** A program that answered with an error; the text says which, with its arguments and what it wrote. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  constructor(
    readonly argv: readonly string[],
    readonly code: number | string | null,
    readonly stderr: string,
  ) {
    super(`${argv.join(' ')}: ${stderr.trim() || `ended with ${code}`}`)
  }
}

export interface CommandOptions {
  /** What the program reads on its standard input. */
  readonly input?: string
  /** Longest time it may take, ms. */
  readonly timeoutMs?: number
}

/**
 * Runs a program from an argument array (never through a shell) and gives what it wrote on standard output.
 * @throws CommandError when it can't be started, ends with a code other than 0, or takes longer than `timeoutMs` (30 s).
 */
export function command(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const [program, ...rest] = argv
  if (program === undefined) throw new RangeError('an empty command')
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      rest,
      { encoding: 'utf8', timeout: options.timeoutMs ?? 30_000, killSignal: 'SIGKILL', maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        // CNI plugins say what is wrong on standard output.
        else reject(new CommandError(argv, error.code ?? null, stderr || (error.killed ? 'took too long' : stdout || error.message)))
      },
    )
    if (options.input !== undefined) child.stdin?.end(options.input)
  })
}

/** Whether a program is on the PATH. */
export async function hasProgram(program: string): Promise<boolean> {
  try {
    await command(['which', program])
    return true
  } catch {
    return false
  }
}
