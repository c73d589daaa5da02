import { spawn } from 'node:child_process'

/** What somebody else's program came to. */
export interface Ran {
  readonly code: number | string
  readonly out: string
  readonly err: string
}

/** Runs a program that is not ours to its end. */
export const runProgram = async (command: string, args: readonly string[], input = ''): Promise<Ran> => {
  const program = openProgram(command, args)
  program.say(input)
  return { code: await program.gone, out: program.out(), err: program.err() }
}

/** A program that is not ours, while it runs; disposed, it is ended. */
export interface Program extends AsyncDisposable {
  readonly out: () => string
  readonly err: () => string
  readonly say: (input: string) => void
  readonly gone: Promise<number | string>
}
export const openProgram = (command: string, args: readonly string[]): Program => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text))
  // A program may end without having read what it was told; its code and its words say how it went.
  child.stdin.on('error', () => undefined)
  const gone = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone'))
  })
  return {
    out: () => out.join(''),
    err: () => err.join(''),
    say: (input) => child.stdin.end(input),
    gone,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}
