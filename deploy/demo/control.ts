import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'

/** What a second terminal may ask a running demo; answers go back as one sentence. */
export type Act = (words: readonly string[]) => Promise<string>

/** Listens on this machine for `lotkeeper demo <words>`; the token in `control.json` keeps pages of a browser out. */
export const openControl = async (home: string, act: Act): Promise<{ readonly close: () => Promise<void> }> => {
  const token = randomBytes(24).toString('base64url')
  const server = createServer((request, response) => {
    const end = (status: number, text: string) => response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
    if (request.method !== 'POST' || request.headers.authorization !== `Bearer ${token}`) return void end(403, 'no')
    void wordsOf(request)
      .then(act)
      .then(
        (answer) => end(200, answer),
        (error: unknown) => end(409, sayWhy(error)),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  writeFileSync(fileIn(home), JSON.stringify({ port, token, pid: process.pid }), { mode: 0o600 })
  return {
    close: async () => {
      rmSync(fileIn(home), { force: true })
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Asks the demo that runs in this home; `null` when none does. */
export const askDemo = async (home: string, words: readonly string[]): Promise<{ readonly ok: boolean; readonly text: string } | null> => {
  const running = runningIn(home)
  if (!running) return null
  const response = await fetch(`http://127.0.0.1:${running.port}/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${running.token}` },
    body: JSON.stringify(words),
  })
  return { ok: response.ok, text: await response.text() }
}

/** Why an act failed, as a person should read it. */
export const sayWhy = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return text === 'fetch failed' ? '县中心或站点没有应答 / the hub or the node does not answer' : text
}

/** The demo that runs in this home, or `null`. */
export const runningIn = (home: string): { readonly port: number; readonly token: string; readonly pid: number } | null => {
  try {
    const running = JSON.parse(readFileSync(fileIn(home), 'utf8'))
    process.kill(running.pid, 0)
    return running
  } catch {
    return null
  }
}

const fileIn = (home: string): string => join(home, 'control.json')
const WORDS_BYTES_MAX = 4_096

const wordsOf = async (request: IncomingMessage): Promise<readonly string[]> => {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > WORDS_BYTES_MAX) throw new Error('too long')
  }
  const words: unknown = JSON.parse(text)
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string')) throw new Error('words expected')
  return words
}
