import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'
import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createListeners, type Wire } from './line.ts'

/**
 * A serial cable made of a pseudo-terminal: real bytes through the kernel's tty, no hardware. The node opens the symbolic link `folder/name`,
 * which leads to the terminal's slave for as long as the cable is plugged in; the node may close and reopen it at will. The only door for
 * `@lydell/node-pty`, loaded with the first wire. Rejects where no pseudo-terminal can be had (`openWire` then takes TCP).
 */
export const openPtyWire = async ({ folder, name }: PtyWireOptions): Promise<Wire> => {
  const address = join(folder, name)
  const listeners = createListeners()
  await mkdir(folder, { recursive: true })
  let terminal: Terminal | null = await plugged(address, listeners.tell)
  const unplug = async () => {
    const old = terminal
    terminal = null
    await rm(address, { force: true })
    await old?.end()
  }
  return {
    address,
    send: (bytes) => terminal?.send(bytes),
    onBytes: listeners.add,
    speed: () => (terminal === null ? null : speedOf(terminal.slave)),
    unplug,
    replug: async () => {
      terminal ??= await plugged(address, listeners.tell)
    },
    close: unplug,
  }
}

export interface PtyWireOptions {
  /** Where the link is made; created if missing. */
  readonly folder: string
  readonly name: string
}

interface Terminal {
  readonly slave: string
  readonly send: (bytes: Uint8Array) => void
  readonly end: () => Promise<void>
}

const plugged = async (address: string, tell: (bytes: Uint8Array) => void): Promise<Terminal> => {
  const terminal = await openTerminal(tell)
  // A link left over from a process that was killed leads nowhere.
  await rm(address, { force: true })
  await symlink(terminal.slave, address)
  return terminal
}

/**
 * The sleeper holds the slave open, so that the terminal outlives every closing by the node. It says where the slave is and then says and reads nothing.
 * It dies with this process: closing the master hangs up its terminal.
 */
const openTerminal = async (tell: (bytes: Uint8Array) => void): Promise<Terminal> => {
  const { spawn } = await import('@lydell/node-pty')
  const pty = spawn('sh', ['-c', 'stty raw -echo; tty; exec sleep 2147483647'], {
    encoding: null,
    env: { PATH: SLEEPER_PATH },
  }) as unknown as RawPty
  if (typeof pty.fd !== 'number' || pty._socket === undefined)
    throw new Error('no pseudo-terminal: the package does not show its descriptor')
  let over = false
  const ended = new Promise<void>((resolve) => {
    pty.onExit(() => {
      over = true
      resolve()
    })
  })
  const slave = await slaveOf(pty, ended)
  pty.onData(tell)
  return {
    slave,
    // After the end its number may belong to another file; `destroyed` is true before the descriptor is given back.
    send: (bytes) => {
      if (!pty._socket.destroyed) put(pty.fd, bytes)
    },
    end: async () => {
      // The number of a process that has ended may belong to another by now.
      if (!over) pty.kill('SIGKILL')
      await ended
    },
  }
}

const slaveOf = (pty: RawPty, ended: Promise<void>): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    const late = setTimeout(() => {
      pty.kill('SIGKILL')
      reject(new Error(`no pseudo-terminal: the sleeper said ${JSON.stringify(said)}`))
    }, SLAVE_MS)
    const listening = pty.onData((data) => {
      said += Buffer.from(data).toString('latin1')
      const path = /^(\/dev\/\S+)\n/.exec(said)?.[1]
      if (path === undefined) return
      clearTimeout(late)
      listening.dispose()
      resolve(path)
    })
    void ended.then(() => {
      clearTimeout(late)
      reject(new Error(`no pseudo-terminal: the sleeper ended, saying ${JSON.stringify(said)}`))
    })
  })

/**
 * Straight to the kernel, which takes what its buffer holds; the rest is lost, as on a UART nobody reads. The package's own `write` must not be used:
 * it goes through a libuv terminal, which spins without end on a full buffer so a node that dies would stop its simulated reader's process.
 */
const put = (fd: number, bytes: Uint8Array): void => {
  try {
    writeSync(fd, bytes)
  } catch (error) {
    if (!LOST.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
/** The buffer is full, or the other end is just being closed. */
const LOST: readonly string[] = ['EAGAIN', 'EIO']

/** What the package hands over with `encoding: null`: bytes, though its types say text; and two things its types do not show. */
interface RawPty {
  readonly fd: number
  readonly _socket: { readonly destroyed: boolean }
  readonly onData: (listener: (bytes: Uint8Array) => void) => { readonly dispose: () => void }
  readonly onExit: (listener: () => void) => void
  readonly kill: (signal: string) => void
}

/** What the terminal is set to; it carries bytes at any speed, so only who asks can tell. */
const speedOf = (slave: string): number | null => {
  const { stdout } = spawnSync('stty', ['-F', slave, 'speed'], { encoding: 'utf8', timeout: SPEED_MS, env: { PATH: SLEEPER_PATH } })
  const speed = Number.parseInt(stdout ?? '', 10)
  return Number.isInteger(speed) ? speed : null
}
const SPEED_MS = 1_000

const SLAVE_MS = 30_000
/** Where `sh`, `stty`, `tty` and `sleep` are on every Linux. */
const SLEEPER_PATH = '/usr/local/bin:/usr/bin:/bin'
