import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chance } from '@lotkeeper/deploy/simulators/field-chance.ts'
import { expect, test } from 'vitest'
import { type Head, NODE, openNodeHouse } from '../crash/houses.ts'
import { openScratch } from '../crash/scratch.ts'
import { runProgram } from './program.ts'
import { diskAfter, readTrace, type Traced } from './traced.ts'

const CUTS = 24
const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url))
const CALLS = 'trace=pwrite64,write,ftruncate,fsync,fdatasync,unlink'

/** A node that books and says each answer aloud, watched from the kernel's side. */
const watched = async (folder: string): Promise<readonly Traced[]> => {
  const trace = join(folder, 'trace')
  const flags = ['-f', '-y', '-xx', '-s', '8000000', '-e', CALLS, '-o', trace]
  const { code, err } = await runProgram('strace', [...flags, process.execPath, KEEPER, folder])
  if (code !== 0)
    throw new Error(
      `strace could not watch a process (${err.slice(0, 300)}); allow ptrace: kernel.yama.ptrace_scope=0, or docker --cap-add SYS_PTRACE`,
    )
  return readTrace(readFileSync(trace, 'utf8'))
}

/** Answers as they left the process, each with the place in the trace behind which it was given. */
const answersIn = (trace: readonly Traced[]) =>
  trace.flatMap((call, at) => {
    const [, epoch, seq, hash] = (call.is === 'write' && /^answered (\w+) (\d+) (\w+)\n$/.exec(call.bytes.toString('utf8'))) || []
    return epoch && seq && hash ? [{ at, head: { stream: `${NODE}>*`, epoch, seq: Number(seq), hash } satisfies Head }] : []
  })

/** How many of the answers given up to a cut are gone from what was on the disk then. */
const lostAt = async (
  folder: string,
  trace: readonly Traced[],
  cut: number,
  reached: (sector: number) => boolean,
  flushes?: (path: string) => boolean,
): Promise<number> => {
  mkdirSync(folder)
  for (const [path, bytes] of diskAfter(trace, cut, reached, flushes))
    if (/node\.sqlite(-wal|-journal)?$/.test(path)) writeFileSync(join(folder, basename(path)), bytes)
  const house = openNodeHouse(folder, 2)
  let lost = 0
  for (const { at, head } of answersIn(trace)) if (at < cut && !(await house.holds(head))) lost += 1
  expect(await house.audit()).toEqual([])
  await house.close()
  return lost
}

test('what a node answered is flushed: with every unflushed byte lost, or any of them, each answer stands', async () => {
  using scratch = openScratch('strace')
  const trace = await watched(scratch.path)
  const answers = answersIn(trace)
  expect(answers.length).toBeGreaterThan(20)
  const first = answers[0]?.at ?? 0
  for (let turn = 0; turn < CUTS; turn += 1) {
    const cut = first + 1 + Math.floor(chance(7, turn) * (trace.length - first))
    const reached = turn % 2 === 0 ? () => false : (sector: number) => chance(8, turn, sector) < 0.5
    expect(await lostAt(join(scratch.path, `cut-${turn}`), trace, cut, reached), `cut ${turn} at ${cut} of ${trace.length}`).toBe(0)
  }
  // Were the WAL not flushed, this test would see it.
  expect(
    await lostAt(
      join(scratch.path, 'never'),
      trace,
      trace.length,
      () => false,
      (path) => !path.endsWith('-wal'),
    ),
  ).toBe(answers.length)
})
