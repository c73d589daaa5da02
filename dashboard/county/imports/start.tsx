import type { TableKindView } from '@lotkeeper/protocol/api/hub-imports.ts'
import { Button, Progress } from 'antd'
import { type DragEvent, useId, useRef, useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { replaceChoice, useRoute } from '../../parts/route.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { bytesText } from '../reference/sizes.ts'
import { useSay } from '../words.ts'
import { FileLinks } from './file-links.tsx'
import { useSending } from './sending.ts'
import { ACCEPTED, flawOf } from './table-file.ts'

/** A new import: what comes in, an empty table to begin with, and the file. */
export const StartSheet = () => {
  const say = useSay()
  const { choice } = useRoute()
  const kinds = useHub('tableKinds')
  const kind = kinds.value?.rows.find((one) => one.kind === choice['kind']) ?? null
  return (
    <Sheet title={say('tables.start')} hint={say('tables.start-hint')} className="start">
      {kinds.trouble && <TroubleNote trouble={kinds.trouble} />}
      {!kinds.value && !kinds.trouble && <Waiting rows={6} />}
      {kinds.value && (
        <>
          <h3 className="start-step">
            <b>1</b> {say('tables.step-kind')}
          </h3>
          <p className="start-order soft">{say('tables.order')}</p>
          <KindPick kinds={kinds.value.rows} chosen={kind} />
          {kind && <Columns kind={kind} />}
          <h3 className="start-step">
            <b>2</b> {say('tables.step-file')}
          </h3>
          <FilePick kind={kind} />
        </>
      )}
    </Sheet>
  )
}

const KindPick = ({ kinds, chosen }: { readonly kinds: readonly TableKindView[]; readonly chosen: TableKindView | null }) => {
  const say = useSay()
  const { language } = useLanguage()
  const group = useId()
  return (
    <fieldset className="kind-pick" aria-label={say('tables.step-kind')}>
      {kinds.map((one) => (
        <div key={one.kind} className={one === chosen ? 'kind-card kind-chosen' : 'kind-card'}>
          <label>
            <input
              type="radio"
              name={group}
              checked={one === chosen}
              onChange={() => replaceChoice('imports', { kind: one.kind })}
              data-testid={`kind-${one.kind}`}
            />
            <span>
              <b>{nameIn(one.name, language)}</b>
              <small className="soft">{nameIn(one.hint, language)}</small>
            </span>
          </label>
          <FileLinks label={say('tables.template')} route="tableTemplate" query={{ kind: one.kind }} testId={`template-${one.kind}`} />
        </div>
      ))}
    </fieldset>
  )
}

const Columns = ({ kind }: { readonly kind: TableKindView }) => {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <details className="start-columns">
      <summary>{say('tables.columns', { n: kind.columns.length })}</summary>
      <p className="soft">{say('tables.columns-hint')}</p>
      <ul>
        {kind.columns.map(({ column, name, required }) => (
          <li key={column} className={required ? 'column-needed' : ''}>
            {nameIn(name, language)}
            {required && ' *'}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** A file chosen or dropped is looked at here first: what cannot be read at all is not sent. */
const FilePick = ({ kind }: { readonly kind: TableKindView | null }) => {
  const say = useSay()
  const [file, setFile] = useState<File | null>(null)
  const [tooMany, setTooMany] = useState(false)
  const [over, setOver] = useState(false)
  const sending = useSending()
  const input = useRef<HTMLInputElement>(null)
  const send = useRef<HTMLButtonElement>(null)
  const flaw = file === null ? null : flawOf(file)
  const take = (files: FileList | null): void => {
    const [first = null] = files ?? []
    if (!first) return
    setFile(first)
    setTooMany((files?.length ?? 0) > 1)
    sending.clear()
    // Enter sends what was just chosen.
    setTimeout(() => send.current?.focus(), 0)
  }
  const onDrag = (event: DragEvent, isOver: boolean): void => {
    event.preventDefault()
    setOver(isOver)
  }
  return (
    <form
      className="start-file"
      onSubmit={(event) => {
        event.preventDefault()
        if (file && kind && flaw === null) void sending.send(kind.kind, file)
      }}
    >
      <section
        className={over ? 'drop drop-over' : 'drop'}
        aria-label={say('tables.step-file')}
        onDragOver={(event) => onDrag(event, true)}
        onDragLeave={(event) => onDrag(event, false)}
        onDrop={(event) => {
          onDrag(event, false)
          take(event.dataTransfer.files)
        }}
        data-testid="drop"
      >
        <Icon name="upload" size={26} />
        {file ? (
          <span className="drop-file">
            <b>{file.name}</b> <small className="faint">{bytesText(file.size)}</small>
          </span>
        ) : (
          <span>{say('tables.drop')}</span>
        )}
        <button type="button" className="plain-button" onClick={() => input.current?.click()} disabled={sending.sent !== null}>
          {say(file ? 'tables.other' : 'tables.choose')}
        </button>
        <small className="faint">{say('tables.limits')}</small>
        <input
          ref={input}
          type="file"
          className="sr-only"
          tabIndex={-1}
          accept={ACCEPTED}
          aria-label={say('tables.choose')}
          data-testid="table-file"
          onChange={(event) => {
            take(event.target.files)
            event.target.value = ''
          }}
        />
      </section>
      {tooMany && <p className="start-note">{say('tables.wrong-many')}</p>}
      {flaw !== null && (
        <p className="import-why" role="alert" data-testid="file-flaw" data-flaw={flaw}>
          {flaw === 'size' ? say('tables.wrong-size', { size: bytesText(file?.size ?? 0) }) : say(`tables.wrong-${flaw}`)}
        </p>
      )}
      {sending.sent !== null && (
        <div className="release-sent" data-testid="sending">
          <Progress percent={Math.floor(sending.sent * 100)} status="active" />
          <Button onClick={sending.stop} data-testid="sending-stop">
            {say('tables.sending-again')}
          </Button>
        </div>
      )}
      {sending.isStopped && <p className="start-note">{say('tables.stopped')}</p>}
      {sending.trouble && <TroubleNote trouble={sending.trouble} />}
      <Button
        ref={send}
        type="primary"
        htmlType="submit"
        size="large"
        disabled={!file || !kind || flaw !== null || sending.sent !== null}
        loading={sending.sent !== null}
        data-testid="table-send"
      >
        {say(sending.sent === null ? 'tables.send' : 'tables.sending')}
      </Button>
    </form>
  )
}
