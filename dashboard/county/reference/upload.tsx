import { Button, Input, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { bytesText } from './sizes.ts'

/** Sends a release as it was downloaded; how much of it is gone is told, and it may be stopped. */
export const Upload = ({ running, onBegun }: { readonly running: boolean; readonly onBegun: () => void }) => {
  const say = useSay()
  const [file, setFile] = useState<File | null>(null)
  const [keep, setKeep] = useState('')
  const sending = useSending(onBegun)
  const input = useRef<HTMLInputElement>(null)
  return (
    <Sheet title={say('reference.upload')} hint={say('reference.upload-hint')}>
      <form
        className="release"
        onSubmit={(event) => {
          event.preventDefault()
          if (file) void sending.send(file, keep.trim())
        }}
      >
        <div className="release-file">
          <button type="button" className="plain-button" onClick={() => input.current?.click()} disabled={sending.sent !== null}>
            <Icon name="upload" size={18} />
            {say(file ? 'reference.other-file' : 'reference.choose')}
          </button>
          {file && (
            <span>
              <b>{file.name}</b> <small className="faint">{bytesText(file.size)}</small>
            </span>
          )}
          <input
            ref={input}
            type="file"
            className="sr-only"
            tabIndex={-1}
            accept=".zip,application/zip"
            aria-label={say('reference.choose')}
            data-testid="release-file"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
        <label className="release-keep" htmlFor="release-keep">
          <span>{say('reference.keep')}</span>
          <Input.TextArea
            id="release-keep"
            rows={2}
            maxLength={2_000}
            value={keep}
            onChange={(event) => setKeep(event.target.value)}
            placeholder={say('reference.keep-hint')}
          />
        </label>
        {sending.sent !== null && (
          <div className="release-sent">
            <Progress percent={Math.floor(sending.sent * 100)} status="active" />
            <Button onClick={sending.stop}>{say('page.cancel')}</Button>
          </div>
        )}
        {sending.trouble && <TroubleNote trouble={sending.trouble} />}
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          disabled={!file || running || sending.sent !== null}
          loading={sending.sent !== null}
          data-testid="release-send"
        >
          {say(running ? 'reference.busy' : 'reference.send')}
        </Button>
      </form>
    </Sheet>
  )
}

/** A release on its way to the hub; who leaves the page ends it. */
const useSending = (onBegun: () => void) => {
  const { hub } = useCounty()
  const [sent, setSent] = useState<number | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const ending = useRef<AbortController | null>(null)
  useEffect(() => () => ending.current?.abort(), [])
  const send = async (file: File, keep: string): Promise<void> => {
    ending.current = new AbortController()
    setTrouble(null)
    setSent(0)
    const answer = await hub.send('importRelease', {
      query: { name: file.name.slice(0, NAME_MAX), ...(keep === '' ? {} : { keep }) },
      bytes: file,
      told: (bytes) => setSent(bytes / Math.max(1, file.size)),
      signal: ending.current.signal,
    })
    setSent(null)
    if (!answer.ok && answer.trouble.code !== 'page.left') setTrouble(answer.trouble)
    if (answer.ok) onBegun()
  }
  return { sent, trouble, send, stop: () => ending.current?.abort() }
}

const NAME_MAX = 200
