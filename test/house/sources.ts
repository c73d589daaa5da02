import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type ParseResult, parseSync } from 'oxc-parser'

/** One file of the project as text, by its path from the root, with `/`. */
export interface Text {
  readonly path: string
  readonly text: string
}

/** One import, re-export, dynamic import or worker as it stands in a file. */
export interface Import {
  /** What is asked for: `node:fs`, `./frame.ts`, `@lotkeeper/protocol/names.ts`. */
  readonly from: string
}

/** A source file, read as far as the walls need it. */
export interface Source extends Text {
  /** The text with every comment made blank: what runs. */
  readonly code: string
  readonly imports: readonly Import[]
  readonly exportedNames: readonly string[]
  readonly isTest: boolean
}

/** Every text file below a folder, without what is installed, built or measured. */
export const readTexts = (root: string): readonly Text[] =>
  pathsUnder(root).map((path) => ({ path: relative(root, path).split('\\').join('/'), text: readFileSync(path, 'utf8') }))

/** Whether the walls read a file as source. */
export const isSource = ({ path }: Text): boolean => /\.(ts|tsx|js)$/.test(path)

/** Reads one source file; a file that is no TypeScript throws, and the wall's test with it. */
export const sourceOf = ({ path, text }: Text): Source => {
  const { comments, errors, module } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} is not readable: ${errors[0]?.message}`)
  const blank = (from: number, to: number) => text.slice(from, to).replace(/[^\n]/g, ' ')
  let code = ''
  let at = 0
  for (const { start, end } of comments) {
    code += text.slice(at, start) + blank(start, end)
    at = end
  }
  code += text.slice(at)
  return { path, text, code, imports: importsOf(module, code), exportedNames: exportedNamesOf(module), isTest: /\.test\.tsx?$/.test(path) }
}

const NOT_OURS = new Set(['node_modules', '.git', '.node', '.cache', '.lotkeeper', 'dist', 'artifacts'])
const TEXT = /\.(tsx?|js|json|md|html|css|sql|ya?ml|sh)$|^(run|LICENSE|\.npmrc|\.gitignore)$/

const pathsUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return pathsUnder(path)
    return TEXT.test(entry.name) ? [path] : []
  })

type Module = ParseResult['module']

const importsOf = (module: Module, code: string): readonly Import[] => [
  ...module.staticImports.map(({ moduleRequest }) => ({ from: moduleRequest.value })),
  ...module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => (moduleRequest === null ? [] : [{ from: moduleRequest.value }])),
  ),
  ...module.dynamicImports.flatMap(({ moduleRequest }) => literal(code.slice(moduleRequest.start, moduleRequest.end))),
  // A worker is a file this one runs, as an import is.
  ...[...code.matchAll(/new URL\(\s*(['"][^'"]+\.(?:ts|js)['"])\s*,\s*import\.meta\.url/g)].flatMap(([, quoted = '']) => literal(quoted)),
]

const literal = (quoted: string): readonly Import[] => {
  const from = /^['"](.+)['"]$/.exec(quoted)?.[1]
  return from === undefined ? [] : [{ from }]
}

const exportedNamesOf = (module: Module): readonly string[] =>
  module.staticExports.flatMap(({ entries }) => entries.flatMap(({ exportName: { name } }) => (name === null ? [] : [name])))
