import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport } from '@lotkeeper/protocol/api/hub-imports.ts'
import { Button, Modal } from 'antd'
import { type ReactNode, useContext, useEffect, useRef } from 'react'
import { type Act, useAct } from '../../parts/act.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { hrefOf } from '../../parts/route.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { type CountySay, useSay } from '../words.ts'
import { FileLinks } from './file-links.tsx'
import { keepsKey } from './keys.ts'
import { type Paper, recordHref, toWriteOf } from './states.ts'
import '../records/records.css'

/** What can be done with an import now. Writing and undoing each lie on a paper first that says what will be; Enter there is yes, Esc leaves all as it is. */
export const ActBar = ({ one, paper, onPaper }: ActBarLine) => {
  const say = useSay()
  const commit = useRunAct('commitTableImport', one)
  const undo = useRunAct('undoTableImport', one)
  const cancel = useRunAct('cancelTableImport', one)
  const close = (): void => {
    onPaper(null)
    commit.clear()
    undo.clear()
  }
  const send = async (act: typeof commit): Promise<void> => {
    if ((await act.send({}))?.ok) close()
  }
  const { state, written, outcomes } = one
  const mayCommit = state === 'ready' && (toWriteOf(one) > 0 || outcomes.choice > 0)
  const isBusy = state === 'reading' || state === 'committing'
  return (
    <div className="act-bar">
      {mayCommit && (
        <Button type="primary" size="large" disabled={outcomes.choice > 0} onClick={() => onPaper('commit')} data-testid="commit">
          {commitWord(say, one)}
          <kbd>Enter</kbd>
        </Button>
      )}
      {mayCommit && outcomes.choice > 0 && <span className="act-hint">{say('commit.choices', { n: numberText(outcomes.choice) })}</span>}
      {written > 0 && (state === 'done' || state === 'ready') && (
        <Button size="large" onClick={() => onPaper('undo')} icon={<Icon name="undo" size={18} />} data-testid="undo">
          {say('undo.open')}
        </Button>
      )}
      {(isBusy || (state === 'ready' && written === 0)) && (
        <Button size="large" onClick={() => void cancel.send({})} loading={cancel.state === 'sending'} data-testid="cancel">
          {say(state === 'committing' ? 'commit.stop' : 'cancel.send')}
        </Button>
      )}
      {outcomes.error > 0 && !isBusy && (
        <span className="act-errors">
          <FileLinks
            label={say('errors.open', { n: numberText(outcomes.error) })}
            route="tableErrors"
            query={{ import: String(one.import) }}
            testId="errors"
          />
          <small className="faint">{say('errors.hint')}</small>
        </span>
      )}
      {OVER.includes(state) && (
        <a className="plain-button" href={hrefOf('imports', { kind: one.kind })} data-testid="another">
          <Icon name="upload" size={18} />
          {say('tables.another')}
        </a>
      )}
      {cancel.trouble && <TroubleNote trouble={cancel.trouble} />}
      <ActPaper
        open={paper === 'commit'}
        title={say('commit.title')}
        yes={commitWord(say, one)}
        act={commit}
        kind={one.kind}
        onYes={() => void send(commit)}
        onClose={close}
      >
        <CommitWords one={one} />
      </ActPaper>
      <ActPaper
        open={paper === 'undo'}
        title={say('undo.title')}
        yes={say('undo.open')}
        act={undo}
        kind={one.kind}
        onYes={() => void send(undo)}
        onClose={close}
      >
        {(one.kind === 'openings' ? UNDO_OPENINGS : UNDO_RECORDS).map((what) => (
          <Consequence key={what} icon={what === 'whole' ? 'warn' : 'forward'}>
            {say(`undo.${what}`)}
          </Consequence>
        ))}
      </ActPaper>
    </div>
  )
}

/** What comes next is another file. */
const OVER: readonly TableImport['state'][] = ['done', 'undone', 'cancelled', 'failed']

const commitWord = (say: CountySay, one: TableImport): string => {
  if (one.written > 0) return say('commit.on')
  const rows = toWriteOf(one)
  return rows === 0 ? say('rows.key-commit') : say('commit.open', { n: numberText(rows) })
}

interface ActBarLine {
  readonly one: TableImport
  readonly paper: Paper
  readonly onPaper: (paper: Paper) => void
}

const UNDO_RECORDS = ['new', 'changed', 'whole'] as const
const UNDO_OPENINGS = ['told', 'taken'] as const

const CommitWords = ({ one: { kind, outcomes } }: { readonly one: TableImport }) => {
  const say = useSay()
  return (
    <>
      {outcomes.new > 0 && (
        <Consequence icon="plus">{say(kind === 'openings' ? 'commit.told' : 'commit.new', { n: numberText(outcomes.new) })}</Consequence>
      )}
      {outcomes.changed > 0 && <Consequence icon="forward">{say('commit.changed', { n: numberText(outcomes.changed) })}</Consequence>}
      {outcomes.error > 0 && <Consequence icon="warn">{say('commit.error', { n: numberText(outcomes.error) })}</Consequence>}
      <Consequence icon="undo">{say(kind === 'openings' ? 'commit.untold' : 'commit.undo')}</Consequence>
    </>
  )
}

const Consequence = ({ icon, children }: { readonly icon: IconName; readonly children: ReactNode }) => (
  <li>
    <Icon name={icon} size={16} />
    <span>{children}</span>
  </li>
)

/** The word yes has the focus, so that Enter says it. */
const ActPaper = ({ open, title, yes, act, kind, onYes, onClose, children }: ActPaperLine) => {
  const say = useSay()
  const at = act.trouble?.facts['id']
  const href = typeof at === 'string' ? recordHref(kind, at) : null
  useEnter(open && act.state !== 'sending', onYes)
  return (
    <Modal
      open={open}
      title={title}
      onCancel={onClose}
      destroyOnHidden
      footer={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button type="primary" autoFocus loading={act.state === 'sending'} onClick={onYes} data-testid="paper-yes">
            {yes}
          </Button>
        </>
      }
    >
      <ul className="consequences">{children}</ul>
      {act.trouble && <TroubleNote trouble={act.trouble} />}
      {href !== null && (
        <a className="plain-button" href={href} data-testid="paper-record">
          {say('undo.look', { id: String(at) })}
        </a>
      )}
    </Modal>
  )
}

/** Enter is yes from the moment the paper is there, also before its button has the focus. */
const useEnter = (on: boolean, yes: () => void): void => {
  const latest = useRef(yes)
  latest.current = yes
  useEffect(() => {
    if (!on) return
    const onKey = (event: KeyboardEvent): void => {
      const tag = event.target instanceof Element ? event.target.tagName : ''
      if (event.key !== 'Enter' || event.repeat || event.defaultPrevented || keepsKey(tag, event.key)) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [on])
}

interface ActPaperLine {
  readonly open: boolean
  readonly title: string
  readonly yes: string
  readonly act: Pick<Act<object, TableImport>, 'state' | 'trouble'>
  readonly kind: string
  readonly onYes: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

const useRunAct = (route: RunAct, { import: id }: TableImport): Act<object, TableImport> => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  return useAct(async (action, _: object) => {
    const answer = await hub.ask(route, { body: { action, import: id } })
    shelf.renew('tableImport', ...(answer.ok ? ['item', 'part', 'certificate', 'permits', 'find'] : []))
    return answer
  })
}
type RunAct = Extract<HubRoute, 'commitTableImport' | 'undoTableImport' | 'cancelTableImport'>
