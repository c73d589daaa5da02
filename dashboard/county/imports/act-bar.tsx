import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport } from '@lotkeeper/protocol/api/hub-imports.ts'
import { Button, Modal } from 'antd'
import { type ReactNode, useContext } from 'react'
import { type Act, useAct } from '../../parts/act.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { numberText } from '../../parts/moments.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'
import { FileLinks } from './file-links.tsx'
import type { Paper } from './run.tsx'
import { recordHref, toWriteOf } from './states.ts'

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
          {written > 0 ? say('commit.on') : say('commit.open', { n: numberText(toWriteOf(one)) })}
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
      {cancel.trouble && <TroubleNote trouble={cancel.trouble} />}
      <ActPaper
        open={paper === 'commit'}
        title={say('commit.title')}
        yes={written > 0 ? say('commit.on') : say('commit.open', { n: numberText(toWriteOf(one)) })}
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
        <Consequence icon="forward">{say('undo.new')}</Consequence>
        <Consequence icon="forward">{say('undo.changed')}</Consequence>
        <Consequence icon="warn">{say('undo.whole')}</Consequence>
      </ActPaper>
    </div>
  )
}

interface ActBarLine {
  readonly one: TableImport
  readonly paper: Paper
  readonly onPaper: (paper: Paper) => void
}

const CommitWords = ({ one: { outcomes } }: { readonly one: TableImport }) => {
  const say = useSay()
  return (
    <>
      {outcomes.new > 0 && <Consequence icon="plus">{say('commit.new', { n: numberText(outcomes.new) })}</Consequence>}
      {outcomes.changed > 0 && <Consequence icon="forward">{say('commit.changed', { n: numberText(outcomes.changed) })}</Consequence>}
      {outcomes.error > 0 && <Consequence icon="warn">{say('commit.error', { n: numberText(outcomes.error) })}</Consequence>}
      <Consequence icon="undo">{say('commit.undo')}</Consequence>
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
