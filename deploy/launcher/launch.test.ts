import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openScratch, type Started } from './scratch.ts'
import { VERBS } from './verbs.js'

// A house that tells everything it sees. It stops a moment after a signal, so that a second one would be heard too.
const HOUSE = `
export const main = async (args: readonly string[]): Promise<number> => {
  if (args[0] === 'code') return Number(args[1])
  if (args[0] === 'die') process.kill(process.pid, 'SIGKILL')
  if (args[0] === 'read') for await (const chunk of process.stdin) process.stdout.write('read ' + chunk)
  if (args[0] === 'idle') {
    process.stdout.write('ready\\n')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  }
  if (args[0] === 'busy') {
    const stopped = new Promise<number>((resolve) => process.once('SIGINT', () => setTimeout(() => resolve(3), 100)))
    process.stdout.write('ready\\n')
    const work = setInterval(() => { for (const end = Date.now() + 2_000; Date.now() < end; ); }, 10)
    const code = await stopped
    clearInterval(work)
    return code
  }
  if (args[0] !== 'wait') {
    process.stdout.write(JSON.stringify({ args, node: process.versions.node }) + '\\n')
    return 0
  }
  const { promise, resolve } = Promise.withResolvers<number>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {
    process.stdout.write(signal + '\\n')
    setTimeout(() => resolve(3), 1_500)
  })
  process.stdout.write('ready\\n')
  const alive = setInterval(() => undefined, 1000)
  const code = await promise
  clearInterval(alive)
  return code
}
`

const openHouse = () => {
  const scratch = openScratch({ node: 'present' })
  scratch.write('hub/main.ts', HOUSE)
  return scratch
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 300) throw new Error('waited 15 s in vain')
    await sleep(50)
  }
}

const ready = (started: Started): Promise<void> => until(() => started.out().includes('ready'))

const signalsIn = (started: Started): readonly string[] => started.out().match(/SIG\w+/g) ?? []

describe('what a person sees first', () => {
  test.for([[], ['--help'], ['help'], ['-h']])('lotkeeper %j shows every verb in both languages', async (args) => {
    using scratch = openHouse()
    const shown = scratch.start(args)
    expect(await shown.ended).toBe(0)
    for (const { name, zh, en } of VERBS) for (const text of [`  ${name} `, zh, en]) expect(shown.out()).toContain(text)
  })

  test('a word that is no verb: exit 2, a sentence, the list', async () => {
    using scratch = openHouse()
    const refused = scratch.start(['hbu'])
    expect(await refused.ended).toBe(2)
    expect(refused.err()).toContain('没有“hbu”这个命令 / there is no verb "hbu"')
    expect(refused.err()).toContain('  hub ')
  })

  test('a verb whose house is not here: exit 2, and which file is missing', async () => {
    using scratch = openHouse()
    const refused = scratch.start(['edge'])
    expect(await refused.ended).toBe(2)
    expect(refused.err()).toContain('edge/main.ts')
  })

  test('the version', async () => {
    using scratch = openHouse()
    const shown = scratch.start(['--version'])
    expect([await shown.ended, shown.out()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
  })
})

describe('a house under another Node, from another folder', () => {
  test('gets its arguments as they were, a new Node, and its code back', async () => {
    using scratch = openHouse()
    const told = scratch.start(['hub', 'a b', '--c=$HOME', '入库'])
    expect(await told.ended).toBe(0)
    const { args, node } = JSON.parse(told.out())
    expect({ args, node }).toEqual({ args: ['a b', '--c=$HOME', '入库'], node: process.versions.node })
    expect(await scratch.start(['hub', 'code', '7']).ended).toBe(7)
  })

  test('reads stdin to its end', async () => {
    using scratch = openHouse()
    const reader = scratch.start(['hub', 'read'])
    reader.child.stdin?.end('one\ntwo\n')
    expect([await reader.ended, reader.out()]).toEqual([0, expect.stringContaining('read one\ntwo\n')])
  })

  test('leaves compiled code for the next start', async () => {
    using scratch = openHouse()
    expect(await scratch.start(['hub', 'code', '0']).ended).toBe(0)
    expect(readdirSync(join(scratch.root, '.cache/compiled')).length).toBeGreaterThan(0)
  })

  test('that dies by a signal takes the launcher the same way', async () => {
    using scratch = openHouse()
    expect(await scratch.start(['hub', 'die']).ended).toBe('SIGKILL')
  })
})

describe('signals', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)('%s to the launcher alone is heard once by the house, whose code is kept', async (signal) => {
    using scratch = openHouse()
    const house = scratch.start(['hub', 'wait'])
    await ready(house)
    house.child.kill(signal)
    expect([await house.ended, signalsIn(house)]).toEqual([3, [signal]])
  })

  test('Ctrl-C in a terminal reaches both and is heard once', async () => {
    using scratch = openHouse()
    const house = scratch.start(['hub', 'wait'])
    await ready(house)
    process.kill(-(house.child.pid ?? 0), 'SIGINT')
    expect([await house.ended, signalsIn(house)]).toEqual([3, ['SIGINT']])
  })

  test('Ctrl-C at a house too busy to say that it heard it stops it in order all the same', async () => {
    using scratch = openHouse()
    const house = scratch.start(['hub', 'busy'])
    await ready(house)
    await sleep(500)
    process.kill(-(house.child.pid ?? 0), 'SIGINT')
    expect(await house.ended).toBe(3)
  })

  test('a house that listens to none ends by it, as any program would', async () => {
    using scratch = openHouse()
    const house = scratch.start(['hub', 'idle'])
    await ready(house)
    house.child.kill('SIGTERM')
    expect(await house.ended).toBe('SIGTERM')
  })

  test('a killed launcher leaves no house behind: it is told to stop, and stops', async () => {
    using scratch = openHouse()
    const house = scratch.start(['hub', 'wait'])
    await ready(house)
    house.child.kill('SIGKILL')
    // The pipes close when the last process that holds them ends.
    expect([await house.ended, signalsIn(house)]).toEqual(['SIGKILL', ['SIGTERM']])
  })
})
