import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { createListeners, WIRE_BUFFER_BYTES, type Wire } from './line.ts'

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
    send: (bytes) => {
      if ((pty._socket?.writableLength ?? 0) < WIRE_BUFFER_BYTES) pty.write(Buffer.from(bytes))
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
 * What the package hands over with `encoding: null`: bytes both ways, though its types say text. `_socket` is not part of its promise; it tells how much
 * the kernel has not taken yet, and without it nothing would be dropped, which costs memory only.
 */
interface RawPty {
  readonly write: (bytes: Uint8Array) => void
  readonly onData: (listener: (bytes: Uint8Array) => void) => { readonly dispose: () => void }
  readonly onExit: (listener: () => void) => void
  readonly kill: (signal: string) => void
  readonly _socket?: { readonly writableLength: number }
}

const SLAVE_MS = 5_000
/** Where `sh`, `stty`, `tty` and `sleep` are on every Linux. */
const SLEEPER_PATH = '/usr/local/bin:/usr/bin:/bin'
