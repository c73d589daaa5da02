import { registerHooks } from 'node:module'

/**
 * Loaded before a house (`--import older.ts?without=transform,ask`), it makes the house an older one that knows no such kinds of entry. It is the
 * house's own code in everything else, its threads included.
 */
const without = new URL(import.meta.url).searchParams.get('without')?.split(',') ?? []
const rows = new RegExp(`^  (${without.join('|')}): \\{ writer: .*\\n`, 'gm')

registerHooks({
  load: (url, context, next) => {
    const loaded = next(url, context)
    if (!url.endsWith('/protocol/ledger/entry.ts')) return loaded
    const source = String(loaded.source).replace(rows, '')
    if (source === String(loaded.source)) throw new Error(`no row of ${without.join(', ')} to leave out`)
    return { ...loaded, source }
  },
})
