import { posix } from 'node:path'
import { FLOORS, HOUSES } from './rooms.ts'
import type { Source } from './sources.ts'

/** Who may import whom between the houses; tests are no exception but the protocol's, and a relative path never leaves its house. */
export const houseBreaches = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, imports, isTest }) => {
    const own = houseOf(path)
    const allowed = HOUSES[own] ?? Object.keys(HOUSES)
    return imports.flatMap(({ from }) => {
      const target = targetOf(path, from)
      if (target === null) return []
      const house = houseOf(target)
      // The pure protocol has no crypto of its own: its tests borrow real hashing and signing from the tests' folder.
      if (isTest && own === 'protocol' && house === 'test') return []
      if (house === own) return from.startsWith('@lotkeeper/') ? [`${path} imports its own house by name: ${from}`] : []
      if (from.startsWith('.') && own in HOUSES) return [`${path} leaves its house by a relative path: ${from}`]
      return allowed.includes(house) ? [] : [`${path} imports ${house}: ${from}`]
    })
  })

/** Which room may import which, floor by floor. */
export const roomBreaches = (sources: readonly Source[], table: Readonly<Record<string, readonly string[]>> = FLOORS): readonly string[] =>
  sources.flatMap(({ path, imports, isTest }) => {
    const house = houseOf(path)
    const floors = table[house]
    if (floors === undefined || isTest || !/\.tsx?$/.test(path) || path.endsWith('.config.ts')) return []
    const own = standOf(floors, path)
    if (own === null) return [`${path} is in a room without a floor in test/house/rooms.ts`]
    return imports.flatMap(({ from }) => {
      const target = targetOf(path, from)
      if (target === null || houseOf(target) !== house) return []
      const there = standOf(floors, target)
      if (there !== null && (there.room === own.room || there.floor < own.floor)) return []
      return [`${path} (${own.room}) imports ${from}, which is not above it`]
    })
  })

/**
 * Circles between files, each told once. Type imports count: two files that cannot be understood without each other are one file,
 * whoever erases the import.
 */
export const circles = (sources: readonly Source[]): readonly string[] => {
  const imported = importedFiles(sources)
  const found = new Map<string, string>()
  const done = new Set<string>()
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start !== -1) {
      const circle = way.slice(start)
      found.set([...circle].sort().join(), [...circle, path].join(' -> '))
      return
    }
    if (done.has(path)) return
    for (const next of imported.get(path) ?? []) walk(next, [...way, path])
    done.add(path)
  }
  for (const path of imported.keys()) walk(path, [])
  return [...found.values()]
}

/** The house of a path: its first folder; the root's own files have none. */
export const houseOf = (path: string): string => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '')

/** The path a specifier means, from the root, or null for a foreign package or a part of Node. */
export const targetOf = (path: string, from: string): string | null => {
  if (from.startsWith('.')) return posix.normalize(posix.join(posix.dirname(path), from))
  return from.startsWith('@lotkeeper/') ? from.slice('@lotkeeper/'.length) : null
}

const importedFiles = (sources: readonly Source[]): ReadonlyMap<string, readonly string[]> => {
  const known = new Set(sources.map(({ path }) => path))
  const filesOf = ({ path, imports }: Source) =>
    imports.flatMap(({ from }) => {
      const target = targetOf(path, from)
      return target !== null && known.has(target) ? [target] : []
    })
  return new Map(sources.map((source) => [source.path, filesOf(source)]))
}

interface Stand {
  readonly room: string
  readonly floor: number
}

// The longest name on the list that the path lies in: a part of a room with a floor of its own comes before its room.
const standOf = (floors: readonly string[], path: string): Stand | null => {
  const place = `${path.slice(path.indexOf('/') + 1).replace(/\.tsx?$/, '')}/`
  const stands = floors.flatMap((rooms, floor) => rooms.split(' ').map((room) => ({ room, floor })))
  const [nearest] = stands.filter(({ room }) => place.startsWith(`${room}/`)).sort((a, b) => b.room.length - a.room.length)
  return nearest ?? null
}
