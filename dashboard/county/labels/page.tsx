import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { LabelAct } from '@lotkeeper/protocol/api/hub-labels.ts'
import { App, Button } from 'antd'
import { useCallback, useContext, useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import type { Trouble } from '../../parts/door.ts'
import { Icon } from '../../parts/icons.tsx'
import { type PageRoute, replaceChoice, useRoute } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { EmptyNote, TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useCounty, useMoments } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { LookFields, TagFields } from './look-fields.tsx'
import { PastActs } from './past.tsx'
import { lineOf, usePreset } from './presets.ts'
import { Preview } from './preview.tsx'
import { clearPrinted, printOut } from './printing.ts'
import { WishLine } from './wish-line.tsx'
import { bodyOf, copiesIn, FIRST_LOOK, FIRST_TAGS, type Look, sameActKey, type TagWish, type WishRow } from './wishes.ts'
import './labels.css'

/** What is printed on packs: chosen line by line, seen before, printed; tags printed with goods are registered by the act that prints them. */
export const LabelsPage = () => {
  const route = useRoute()
  // Another address is another wish: what was written for the one before is not printed under it.
  return <LabelsOf key={JSON.stringify(route.choice)} route={route} />
}

const LabelsOf = ({ route }: { readonly route: PageRoute }) => {
  const say = useSay()
  const preset = usePreset(route)
  const moments = useMoments()
  const [written, setWritten] = useState<readonly WishRow[] | null>(null)
  const [tags, setTags] = useState<TagWish>(FIRST_TAGS)
  const [look, setLook] = useState<Look>(FIRST_LOOK)
  const [again, setAgain] = useState<LabelAct | null>(null)
  const rows = written ?? preset.rows
  const change = useCallback(
    (id: number, next: Partial<WishRow>) =>
      setWritten((now) => (now ?? preset.rows ?? []).map((row) => (row.id === id ? { ...row, ...next } : row))),
    [preset.rows],
  )
  useEffect(() => {
    if (preset.doc !== undefined) setTags((now) => ({ ...now, doc: preset.doc ?? '', site: preset.site }))
  }, [preset.doc, preset.site])
  useEffect(() => clearPrinted, [])
  const choose = (next: Partial<TagWish>): void => {
    setTags((now) => ({ ...now, ...next }))
    if (next.kind !== undefined && next.kind !== 'plain') setLook((now) => ({ ...now, scheme: 'gs1' }))
  }
  const reprint = (act: LabelAct): void => {
    setAgain(act)
    setWritten(act.labels.map((label, at) => lineOf(at + 1, label)))
    setTags((now) => ({ ...now, kind: 'announce', site: act.site, doc: act.doc ?? '', epc: act.epc }))
    setLook((now) => ({ ...now, scheme: 'gs1' }))
    window.scrollTo({ top: 0, behavior: 'smooth' })
  }
  const leave = (): void => {
    setAgain(null)
    setWritten([])
    setTags(FIRST_TAGS)
    replaceChoice('labels', {})
  }
  const body = rows === null ? null : bodyOf(rows, tags, look)
  return (
    <div className="labels">
      <div className="label-left">
        <Sheet title={say('labels.title')} hint={say('labels.hint')} className="label-wishes">
          {again && (
            <p className="notice label-notice" role="status" data-testid="label-reprinting">
              <span>{say('labels.reprinting', { at: moments.full(again.at) })}</span>
              <Button size="small" onClick={leave}>
                {say('labels.stop-reprint')}
              </Button>
            </p>
          )}
          {rows === null && <Waiting rows={3} />}
          {rows?.length === 0 && <EmptyNote title={say('labels.none')} hint={say('labels.none-hint')} />}
          <ul>
            {rows?.map((row) => (
              <Line
                key={`${again?.action ?? ''} ${row.id}`}
                row={row}
                fixed={again !== null}
                change={change}
                remove={() => setWritten((now) => (now ?? rows).filter((one) => one.id !== row.id))}
              />
            ))}
          </ul>
          {again === null && rows !== null && (
            <Button
              icon={<Icon name="plus" size={16} />}
              onClick={() => setWritten([...rows, lineOf(Math.max(0, ...rows.map(({ id }) => id)) + 1)])}
              data-testid="label-add"
            >
              {say('labels.add')}
            </Button>
          )}
          <TagFields tags={tags} fixed={again !== null} onChange={choose} />
          <LookFields look={look} tagged={tags.kind !== 'plain'} onChange={(next) => setLook((now) => ({ ...now, ...next }))} />
        </Sheet>
        <PastActs onAgain={reprint} />
      </div>
      <Printing body={body} again={again?.action ?? null} copies={body === null ? 0 : copiesIn(body.labels)} />
    </div>
  )
}

interface LineProps {
  readonly row: WishRow
  readonly fixed: boolean
  readonly change: (id: number, next: Partial<WishRow>) => void
  readonly remove: () => void
}

const Line = ({ row, fixed, change, remove }: LineProps) => {
  const { id } = row
  const onChange = useCallback((next: Partial<WishRow>) => change(id, next), [change, id])
  return <WishLine row={row} fixed={fixed} onChange={onChange} onRemove={fixed ? null : remove} />
}

interface PrintingLine {
  readonly body: ReturnType<typeof bodyOf>
  /** The act that is printed again, if one is. */
  readonly again: string | null
  readonly copies: number
}

/** The preview, and the button under it. */
const Printing = ({ body, again, copies }: PrintingLine) => {
  const say = useSay()
  const { hub } = useCounty()
  const { message } = App.useApp()
  const shelf = useContext(ShelfContext)
  const actions = useRef(new Map<string, string>())
  const [printed, setPrinted] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [sending, setSending] = useState(false)
  const key = body === null ? '' : sameActKey(body)
  const action = again ?? actionFor(actions.current, key)
  const preview = usePreview(body, action)
  const print = async (): Promise<void> => {
    if (body === null || sending) return
    setSending(true)
    const answer = await hub.ask('printLabels', { body: { ...body, action } })
    setSending(false)
    setTrouble(answer.ok ? null : answer.trouble)
    if (!answer.ok) return
    setPrinted(key)
    printOut(answer.value, body.form)
    const fresh = body.announce !== null && again === null && printed !== key
    void message.success(fresh ? say('labels.printed-tags', { n: answer.value.rows.length }) : say('labels.printed'))
    if (fresh) shelf.renew('labelActs ', 'tags ')
  }
  const tagged = body !== null && (body.announce !== null || body.numbered != null)
  const registers = body?.announce != null && again === null && printed !== key
  return (
    <div className="label-right">
      <Preview rows={body === null ? null : preview.rows} trouble={preview.trouble} asking={preview.asking} />
      <div className="label-print">
        {trouble && <TroubleNote trouble={trouble} />}
        {registers && <p className="soft">{say('labels.register-first', { n: copies })}</p>}
        {tagged && again === null && printed === key && (
          <p className="soft" data-testid="label-jammed">
            {say('labels.again')}{' '}
            <Button
              type="link"
              size="small"
              onClick={() => {
                actions.current.delete(key)
                setPrinted(null)
              }}
              data-testid="label-fresh"
            >
              {say('labels.fresh')}
            </Button>
          </p>
        )}
        <Button
          type="primary"
          size="large"
          block
          loading={sending}
          disabled={body === null || preview.trouble !== null}
          onClick={() => void print()}
          data-testid="label-print"
        >
          {say(body === null || body.form === 'sheet' ? 'labels.print-sheet' : 'labels.print-file', { n: copies })}
        </Button>
      </div>
    </div>
  )
}

type Drawn = HubAnswer<'previewLabels'>['rows']

/** Draws a moment after the last change; an answer that comes after a later question is dropped. */
const usePreview = (body: PrintingLine['body'], action: string) => {
  const { hub } = useCounty()
  const [shown, setShown] = useState<{ rows: Drawn | null; trouble: Trouble | null; asking: boolean }>(NOTHING)
  const content = body === null ? null : JSON.stringify(body)
  useEffect(() => {
    if (content === null) return setShown(NOTHING)
    const gone = new AbortController()
    setShown((now) => ({ ...now, asking: true }))
    const timer = setTimeout(async () => {
      const asked = { ...(JSON.parse(content) as NonNullable<PrintingLine['body']>), action }
      const answer = await hub.ask('previewLabels', { body: asked, signal: gone.signal })
      if (gone.signal.aborted) return
      setShown(
        answer.ok ? { rows: answer.value.rows, trouble: null, asking: false } : { rows: null, trouble: answer.trouble, asking: false },
      )
    }, DRAW_AFTER_MS)
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [content, action, hub])
  return shown
}

const actionFor = (actions: Map<string, string>, key: string): string => {
  const known = actions.get(key) ?? newAction()
  actions.set(key, known)
  return known
}

const NOTHING = { rows: null, trouble: null, asking: false }
/** Between two letters typed. */
const DRAW_AFTER_MS = 250
