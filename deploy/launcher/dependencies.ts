/** What is read here of one row of `package-lock.json`. */
export interface LockedRow {
  readonly version?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly integrity?: string
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly hasInstallScript?: boolean
  readonly engines?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** What a county would install unseen: one line a breach, by the lockfile alone. `node` is the version that runs the houses, as `24.21.0`. */
export const dependencyBreaches = (packages: Readonly<Record<string, LockedRow>>, node: string): readonly string[] => [
  ...Object.entries(packages).flatMap(([path, row]) => {
    if (!path.includes('node_modules/')) return foreignWishes(path, row)
    return row.link ? (/^[a-z]+$/.test(row.resolved ?? '') ? [] : [`${path}: a link out of the house`]) : rowBreaches(path, row, node)
  }),
  ...twice(packages),
]

/** Whether a version lies in a range as `engines` write them: comparators joined by blanks, alternatives by `||`. */
export const isWithin = (version: string, range: string): boolean =>
  range.split('||').some((all) =>
    all
      .trim()
      .replace(/(>=|<=|>|<|\^|~|=)\s+/g, '$1')
      .split(/\s+/)
      .every((one) => fits(numbersOf(version), one)),
  )

const LICENCES: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT OR Apache-2.0'],
  // Files of these stay as they are, and a font and a tool of the build carry them.
  ...['MPL-2.0', 'OFL-1.1', 'Python-2.0'],
])
/** Says its licence in a file only (MIT). */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['node_modules/xmlhttprequest-ssl'])
/** May run something when it is installed; `.npmrc` runs none of it, and prebuilt binaries take its place. */
const SCRIPTED: ReadonlySet<string> = new Set(['node_modules/@serialport/bindings-cpp'])

const rowBreaches = (path: string, row: LockedRow, node: string): readonly string[] => {
  const { version = '', resolved, integrity, license, hasInstallScript, engines } = row
  // A registry need not carry every machine's binary of a tool: such a row has a version only, and never comes into a county's installation.
  const isOtherMachines = row.dev === true && row.optional === true && row.os !== undefined && row.cpu !== undefined
  const bare = isOtherMachines && integrity === undefined
  return [
    ...(/^\d+\.\d+\.\d+/.test(version) ? [] : [`${path}: no version`]),
    ...(bare || /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ? [] : [`${path}: no sha512`]),
    ...(resolved === undefined ? [] : [`${path}: from ${resolved}`]),
    ...(bare || LICENCES.has(license ?? '') || SAID_ELSEWHERE.has(path) ? [] : [`${path}: licence ${license ?? 'unsaid'}`]),
    ...(hasInstallScript && !SCRIPTED.has(path) ? [`${path}: runs a script when it is installed`] : []),
    ...(engines?.['node'] === undefined || isWithin(node, engines['node']) ? [] : [`${path}: wants Node ${engines['node']}`]),
    ...foreignWishes(path, row),
  ]
}

/** Wishes for anything but a version of the registry. */
const foreignWishes = (path: string, { dependencies, devDependencies, optionalDependencies }: LockedRow): readonly string[] =>
  Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, wish]) => /[:/]/.test(wish) && !/^npm:@?[\w./-]+@[\w.^~-]+$/.test(wish))
    .map(([name, wish]) => `${path === '' ? 'package.json' : path}: wants ${name} from ${wish}`)

/** A house beside the root may not have its own version of what all share: two majors of one package are two truths in one process. */
const twice = (packages: Readonly<Record<string, LockedRow>>): readonly string[] =>
  Object.entries(packages).flatMap(([path, { version = '' }]) => {
    const name = /^[a-z]+\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1]
    const shared = name === undefined ? undefined : packages[`node_modules/${name}`]?.version
    return shared === undefined || shared.split('.')[0] === version.split('.')[0] ? [] : [`${path}: ${version} beside ${shared}`]
  })

type Numbers = readonly number[]
const numbersOf = (version: string): Numbers =>
  version
    .replace(/^v/, '')
    .split('-')[0]
    ?.split('.')
    .filter((part) => /^\d+$/.test(part))
    .map(Number) ?? []

const order = (one: Numbers, other: Numbers): number => {
  for (let at = 0; at < 3; at += 1) {
    const apart = (one[at] ?? 0) - (other[at] ?? 0)
    if (apart !== 0) return apart
  }
  return 0
}

const fits = (version: Numbers, comparator: string): boolean => {
  const [, sign = '', rest = ''] = /^(>=|<=|>|<|\^|~|=)?(.*)$/.exec(comparator) ?? []
  const bound = numbersOf(rest)
  const apart = order(version, bound)
  if (sign === '>=') return apart >= 0
  if (sign === '>') return apart > 0
  if (sign === '<') return apart < 0
  if (sign === '<=') return apart <= 0
  const fixed = sign === '^' ? 1 : sign === '~' ? Math.min(2, bound.length) : bound.length
  return (sign !== '^' && sign !== '~') || apart >= 0 ? bound.slice(0, fixed).every((part, at) => version[at] === part) : false
}
