import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@lotkeeper/deploy/county/ports.ts'
import { type Program, startProgram, startServer } from './machine.ts'

/** The hub's own broker with nothing behind it: takes a message and acknowledges it. */
export const startAedes = (scope: AsyncDisposableStack, keys: string): Promise<Program & { readonly url: string }> =>
  startProgram(scope, [fileURLToPath(new URL('aedes.ts', import.meta.url)), keys]).then((program) => ({
    ...program,
    url: String(program.said['url']),
  }))

/** Mosquitto with the hub's certificate and the county's authority, or `null` when it is not installed. */
export const startMosquitto = async (
  scope: AsyncDisposableStack,
  folder: string,
  keys: string,
): Promise<(Program & { readonly url: string }) | null> => {
  if (spawnSync(MOSQUITTO, ['-h'], { stdio: 'ignore' }).error) return null
  const port = await freePort()
  const settings = join(folder, `mosquitto-${port}.conf`)
  writeFileSync(settings, settingsOf(port, keys))
  const program = await startServer(scope, MOSQUITTO, ['-c', settings], port)
  return { ...program, url: `mqtts://127.0.0.1:${port}` }
}

const MOSQUITTO = 'mosquitto'

const settingsOf = (port: number, keys: string): string => `user root
persistence false
log_type error
listener ${port} 127.0.0.1
cafile ${join(keys, 'authority.crt')}
certfile ${join(keys, 'tls.crt')}
keyfile ${join(keys, 'tls.key')}
tls_version tlsv1.3
require_certificate true
use_identity_as_username true
`
