import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { withLock } from './lock.js'
import { ensurePackages, ensurePages, prepare } from './prepare.ts'
import { ensureNode } from './runtime.js'
import { openScratch, type Scratch } from './scratch.ts'
import { VERBS } from './verbs.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

// Stands in for npm at its own command line, so that no test downloads anything: writes down its arguments, then does what the script says.
const withNpm = (scratch: Scratch, script: string) => {
  const file = join(scratch.root, 'bin/npm-cli.js')
  scratch.write(
    'bin/npm-cli.js',
    `const fs = require('node:fs')\nfs.appendFileSync(${JSON.stringify(`${file}.calls`)}, process.argv.slice(2, 3) + '\\n')\n${script}`,
  )
  scratch.write('bin/package.json', '{}')
  vi.stubEnv('npm_execpath', file)
  return { calls: () => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').trim().split('\n') : []) }
}

const placeOf = ({ root }: Scratch) => {
  const said: string[] = []
  return { root, cache: join(root, '.cache'), say: (line: string) => void said.push(line), said }
}

const INSTALLS_NODE = `fs.mkdirSync('node_modules/.bin', { recursive: true }); fs.copyFileSync(process.execPath, 'node_modules/.bin/node')`
const NODE_VERSION_WANTED = '24.21.0'

describe('the private Node', () => {
  const pretendPinned = (scratch: Scratch) => {
    // What runs the tests is what the stand-in installs, whatever its version.
    for (const name of ['package.json', 'package-lock.json']) {
      const path = `deploy/launcher/node/${name}`
      scratch.write(path, readFileSync(join(scratch.root, path), 'utf8').replaceAll(NODE_VERSION_WANTED, process.versions.node))
    }
    return import(join(scratch.root, 'deploy/launcher/runtime.js')) as Promise<typeof import('./runtime.js')>
  }

  test('is installed once, and again when it is no longer whole', async () => {
    using scratch = openScratch({ node: 'absent' })
    const npm = withNpm(scratch, INSTALLS_NODE)
    const runtime = await pretendPinned(scratch)
    const node = await runtime.ensureNode(placeOf(scratch))
    await runtime.ensureNode(placeOf(scratch))
    expect([node, npm.calls()]).toEqual([join(scratch.root, '.node/node_modules/.bin/node'), ['ci']])
    truncateSync(node, 1000)
    await runtime.ensureNode(placeOf(scratch))
    rmSync(node)
    await runtime.ensureNode(placeOf(scratch))
    expect(npm.calls()).toEqual(['ci', 'ci', 'ci'])
  })

  test('a failed install leaves the old folder as it was', async () => {
    using scratch = openScratch({ node: 'absent' })
    scratch.write('.node/mine', 'kept')
    withNpm(scratch, 'process.exit(1)')
    await expect(ensureNode(placeOf(scratch))).rejects.toMatchObject({ code: 'launcher.npm-failed' })
    expect(readFileSync(join(scratch.root, '.node/mine'), 'utf8')).toBe('kept')
  })

  test('that npm left out, calling it a success, is told to the person', async () => {
    using scratch = openScratch({ node: 'absent' })
    withNpm(scratch, '')
    await expect(ensureNode(placeOf(scratch))).rejects.toMatchObject({ code: 'launcher.node-broken' })
  })

  test('does not exist for every machine', async () => {
    using scratch = openScratch({ node: 'absent' })
    await expect(ensureNode({ ...placeOf(scratch), machine: 'sunos-sparc' })).rejects.toMatchObject({ code: 'launcher.no-private-node' })
  })

  test('without npm the person hears what to install', async () => {
    using scratch = openScratch({ node: 'absent' })
    vi.stubEnv('npm_execpath', undefined)
    vi.stubEnv('PATH', scratch.root)
    await expect(ensureNode({ ...placeOf(scratch) })).rejects.toMatchObject({
      code: 'launcher.npm-missing',
      message: expect.stringContaining('npm'),
    })
  })
})

describe('the packages', () => {
  const lock = (version: string, more: object = {}) =>
    JSON.stringify({
      packages: {
        '': {},
        edge: {},
        'node_modules/a': { version, integrity: 'x' },
        'node_modules/mac': { version, optional: true },
        ...more,
      },
    })
  const installed = (scratch: Scratch, version: string) => {
    mkdirSync(join(scratch.root, 'node_modules/a'), { recursive: true })
    scratch.write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version, integrity: 'x' } } }))
  }

  test.for([
    { story: 'nothing installed', inLock: '1.0.0', there: null, calls: ['ci'] },
    { story: 'installed by hand', inLock: '1.0.0', there: '1.0.0', calls: [] },
    { story: 'another version', inLock: '1.1.0', there: '1.0.0', calls: ['ci'] },
  ])('$story: npm called $calls', async ({ inLock, there, calls }) => {
    using scratch = openScratch({ node: 'absent' })
    scratch.write('package-lock.json', lock(inLock))
    if (there !== null) installed(scratch, there)
    const npm = withNpm(scratch, "fs.mkdirSync('node_modules', { recursive: true })")
    await ensurePackages(placeOf(scratch))
    await ensurePackages(placeOf(scratch))
    expect(npm.calls()).toEqual(calls)
  })

  test('a package whose folder was removed is missing', async () => {
    using scratch = openScratch({ node: 'absent' })
    scratch.write('package-lock.json', lock('1.0.0'))
    installed(scratch, '1.0.0')
    rmSync(join(scratch.root, 'node_modules/a'), { recursive: true })
    const npm = withNpm(scratch, '')
    await ensurePackages(placeOf(scratch))
    expect(npm.calls()).toEqual(['ci'])
  })

  test('LOTKEEPER_INSTALL=never leaves everything as it is', async () => {
    using scratch = openScratch({ node: 'absent' })
    const npm = withNpm(scratch, '')
    vi.stubEnv('LOTKEEPER_INSTALL', 'never')
    for (const verb of VERBS) await prepare(placeOf(scratch), verb, [])
    expect(npm.calls()).toEqual([])
  })
})

describe('the pages', () => {
  const openWithVite = (vite: string) => {
    const scratch = openScratch({ node: 'absent' })
    scratch.write('package-lock.json', '{}')
    scratch.write('node_modules/vite/package.json', '{"bin":{"vite":"vite.cjs"}}')
    scratch.write('node_modules/vite/vite.cjs', vite)
    scratch.write('dashboard/county.tsx', 'one')
    scratch.write('protocol/names.ts', 'one')
    return scratch
  }
  const COUNTS = `const fs = require('node:fs'); fs.rmSync('dist', { recursive: true, force: true }); fs.mkdirSync('dist')
fs.writeFileSync('dist/index.html', ''); fs.appendFileSync('../builds', 'b')`
  const builds = ({ root }: Scratch) => readFileSync(join(root, 'builds'), 'utf8').length

  test('are built when absent, when a source changed, and not otherwise', async () => {
    using scratch = openWithVite(COUNTS)
    const place = placeOf(scratch)
    const counts: number[] = []
    const build = async (when: 'when-stale' | 'when-missing') => {
      await ensurePages(place, when)
      counts.push(builds(scratch))
    }
    await build('when-stale')
    await build('when-stale')
    scratch.write('dashboard/county.test.tsx', 'tests do not count')
    await build('when-stale')
    scratch.write('protocol/names.ts', 'two')
    await build('when-missing')
    await build('when-stale')
    rmSync(join(scratch.root, 'dashboard/dist/index.html'))
    await build('when-missing')
    expect(counts).toEqual([1, 1, 1, 1, 2, 3])
  })

  test('a build that fails says so and is tried again', async () => {
    using scratch = openWithVite('process.exit(9)')
    const place = placeOf(scratch)
    for (let tries = 0; tries < 2; tries += 1)
      await expect(ensurePages(place, 'when-stale')).rejects.toMatchObject({ code: 'launcher.pages-failed' })
  })
})

describe('the lock', () => {
  test('lets one in after the other', async () => {
    using scratch = openScratch({ node: 'absent' })
    const place = placeOf(scratch)
    const seen: string[] = []
    const work = (name: string) => () => {
      seen.push(`${name} in`)
      return sleep(50).then(() => seen.push(`${name} out`))
    }
    await Promise.all([withLock(place, work('a')), withLock(place, work('b'))])
    expect(seen).toEqual(['a in', 'a out', 'b in', 'b out'])
    expect(place.said).toEqual([expect.stringContaining('is installing: waiting for it')])
  })

  test('of a dead owner is taken over; a living owner that never ends is named in the end', async () => {
    using scratch = openScratch({ node: 'absent' })
    const place = placeOf(scratch)
    mkdirSync(place.cache)
    const file = join(place.cache, 'installing')
    writeFileSync(file, '4194304') // above the kernel's largest process number
    expect(await withLock(place, async () => 'in')).toBe('in')
    writeFileSync(file, String(process.pid))
    await expect(withLock({ ...place, longestWaitMs: 100 }, async () => 'in')).rejects.toMatchObject({ code: 'launcher.waited-too-long' })
  })

  test('is given back when the work fails', async () => {
    using scratch = openScratch({ node: 'absent' })
    const place = placeOf(scratch)
    await expect(withLock(place, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
    expect(await withLock(place, async () => 'in')).toBe('in')
  })
})
