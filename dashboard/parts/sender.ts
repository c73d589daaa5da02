import { type Answer, answerOf, type RoutePath, TROUBLES } from './door.ts'

/** A file on its way: how much of it is gone is told, and who leaves may end it. */
export interface Bytes {
  readonly query?: Readonly<Record<string, string>>
  readonly bytes: Blob
  readonly told?: (sentBytes: number) => void
  readonly signal?: AbortSignal
}
export type Send = (route: RoutePath, sent: Bytes) => Promise<Answer<unknown>>

/** The way out for files: `fetch` does not tell how much of a file is gone, and a large one may take longer than an answer may. */
export const openSender =
  (onSignedOut: () => void): Send =>
  ({ method, path }, { query, bytes, told, signal }) =>
    new Promise((settle) => {
      const request = new XMLHttpRequest()
      const asked = new URLSearchParams(query).toString()
      request.open(method, asked === '' ? path : `${path}?${asked}`)
      request.setRequestHeader('accept', 'application/json')
      request.setRequestHeader('content-type', bytes.type || 'application/octet-stream')
      request.upload.onprogress = ({ loaded }) => told?.(loaded)
      request.onload = () => {
        if (request.status === 401) onSignedOut()
        settle(answerOf(request.status, request.responseText))
      }
      request.onerror = () => settle({ ok: false, trouble: TROUBLES.unreachable })
      request.onabort = () => settle({ ok: false, trouble: TROUBLES.left })
      signal?.addEventListener('abort', () => request.abort())
      request.send(bytes)
    })
