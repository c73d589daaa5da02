import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The developer's tools by the names of their commands; each runs under the Node that runs us. */
export type Tool = keyof typeof TOOLS

/** Runs one tool of the lockfile; answers its exit code, or 1 when a signal ended it. `output` is where its stdout goes (1 or 2). */
export const runTool = (
  root: string,
  tool: Tool,
  args: readonly string[],
  options: { readonly cwd?: string; readonly output?: 1 | 2; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [scriptOf(root, tool), ...args], {
      cwd: options.cwd ?? root,
      env: {
        ...process.env,
        // What a tool starts by the name `node` must be this Node too.
        PATH: [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
        ...options.environment,
      },
      stdio: ['inherit', options.output ?? 1, 2],
    })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

const TOOLS = { tsc: 'typescript', biome: '@biomejs/biome', knip: 'knip', vite: 'vite', vitest: 'vitest' } as const

const scriptOf = (root: string, tool: Tool): string => {
  const folder = join(root, 'node_modules', TOOLS[tool])
  const manifest: { readonly bin: Readonly<Record<string, string>> } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const script = manifest.bin[tool]
  if (script === undefined) throw new Error(`${TOOLS[tool]} has no command ${tool}`)
  return join(folder, script)
}
