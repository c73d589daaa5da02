import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A house that has not stopped by itself after 20 s is killed, which is not what is shown here. */
const STOPS_WITHIN_MS = 18_000

test('a house stops by itself when whoever started it is killed', { timeout: 90_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-house-'))
  writeFileSync(
    join(home, 'hub.json'),
    JSON.stringify({ httpPort: 0, httpsPort: 0, brokerPort: 0, httpsHost: '127.0.0.1', brokerHost: '127.0.0.1' }),
  )
  const start = `const { startHouse } = await import(${JSON.stringify(new URL('house.ts', import.meta.url))})
    const house = await startHouse({ name: 'hub', args: ['hub', '--home', ${JSON.stringify(home)}] })
    console.log(house.pid)`
  const starter = spawn(process.execPath, ['--input-type=module', '-e', start], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = await new Promise<number>((resolve) => starter.stdout.once('data', (said) => resolve(Number(String(said)))))
  expect(alive(pid)).toBe(true)
  starter.kill('SIGKILL')
  await expect.poll(() => alive(pid), { timeout: STOPS_WITHIN_MS }).toBe(false)
  rmSync(home, { recursive: true, force: true })
})
