import type { ProvisionalView, SuggestionView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { App, Button } from 'antd'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { hrefOf } from '../../parts/route.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useMoments } from '../county.ts'
import { Allowed } from '../may.tsx'
import { LotLink } from '../parts/cells.tsx'
import { useWho } from '../parts/who.tsx'
import { useSay } from '../words.ts'
import { Candidates } from './candidates.tsx'
import { mayAnswer } from './keys.ts'
import { calledIn } from './met.ts'
import { Seen } from './seen.tsx'
import { usePart } from './use-desk.ts'

/** One thing opened: what the node saw, what it may be, the three answers; or the answer it got, and the way back where there is one. */
export const DeskDetail = ({ one, onAnswer, onTake, onDecided }: DetailLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const { met } = one
  return (
    <div className="desk-detail" data-testid="desk-detail" data-state={one.state}>
      <header className="desk-title">
        <h2>{calledIn(one, language)}</h2>
        <span className={`mark desk-mark-${one.state}`}>{say(`desk.state-${one.state}`)}</span>
      </header>
      {one.state === 'open' ? (
        <Allowed route="decideProvisional">
          <Answers one={one} onAnswer={onAnswer} />
        </Allowed>
      ) : (
        <Settled one={one} onAnswer={onAnswer} onDecided={onDecided} />
      )}
      {one.state === 'open' && met.is !== 'tag' && <Candidates suggestions={one.suggestions} onTake={onTake} />}
      <Seen one={one} />
    </div>
  )
}

/** What a person chose to do with it. */
export type Answer = 'confirm' | 'redirect' | 'conflict'

interface DetailLine {
  readonly one: ProvisionalView
  readonly onAnswer: (answer: Answer) => void
  readonly onTake: (one: SuggestionView) => void
  readonly onDecided: () => void
}

const Answers = ({ one, onAnswer }: Pick<DetailLine, 'one' | 'onAnswer'>) => {
  const say = useSay()
  const may = mayAnswer(one)
  return (
    <>
      <div className="desk-answers">
        <Button type="primary" disabled={!may.confirm} onClick={() => onAnswer('confirm')} data-testid="desk-confirm">
          {say(CONFIRMING[one.met.is])} <kbd>C</kbd>
        </Button>
        {may.redirect && (
          <Button onClick={() => onAnswer('redirect')} data-testid="desk-redirect">
            {say('desk.redirect')} <kbd>R</kbd>
          </Button>
        )}
        <Button danger onClick={() => onAnswer('conflict')} data-testid="desk-conflict">
          {say('desk.conflict')} <kbd>K</kbd>
        </Button>
      </div>
      {!may.confirm && (
        <p className="record-note">
          {say('desk.item-first')}{' '}
          <a className="record-link" href={hrefOf('desk', { site: one.site, kind: 'item' })}>
            {say('desk.to-item')}
          </a>
        </p>
      )}
    </>
  )
}

const Settled = ({ one, onAnswer, onDecided }: Pick<DetailLine, 'one' | 'onAnswer' | 'onDecided'>) => {
  const say = useSay()
  const { language } = useLanguage()
  const moments = useMoments()
  const who = useWho()
  const { settled, state, met, now } = one
  return (
    <section className="desk-settled" data-testid="desk-settled">
      <p>
        {say(`desk.was-${state === 'open' ? 'confirmed' : state}`)}{' '}
        {met.is === 'item' && state !== 'conflict' && (
          <a className="record-link" href={hrefOf('items', { item: now.item })}>
            {nameIn(now.name, language)}
          </a>
        )}
        {met.is === 'lot' && state !== 'conflict' && <LotLink lot={now.lot ?? ''} number={(now.lot ?? '').slice(met.item.length + 1)} />}
      </p>
      {settled?.reason && <p className="desk-said">{settled.reason}</p>}
      <small className="faint">
        {settled?.at ? `${who(settled.actor ?? '')} ${moments.full(settled.at).slice(0, MINUTES)}` : say('desk.by-record')}
      </small>
      {met.is === 'lot' && <Anew one={one} onAnswer={onAnswer} />}
      {met.is === 'item' && state === 'redirected' && (
        <Allowed route="mergeRecords">
          <TakeBack id={met.item} onDecided={onDecided} />
        </Allowed>
      )}
      {met.is === 'item' && state === 'conflict' && (
        <Button onClick={() => onAnswer('confirm')} data-testid="desk-after-all">
          {say('desk.after-all')}
        </Button>
      )}
    </section>
  )
}

/** The answer to a lot may be given anew: no record was made of it. */
const Anew = ({ one: { state }, onAnswer }: Pick<DetailLine, 'one' | 'onAnswer'>) => {
  const say = useSay()
  const others = (['confirm', 'redirect', 'conflict'] as const).filter((answer) => answer === 'redirect' || GIVES[answer] !== state)
  return (
    <div className="desk-anew">
      <small className="faint">{say('desk.lot-anew')}</small>
      <span className="desk-answers">
        {others.map((answer) => (
          <Button key={answer} onClick={() => onAnswer(answer)} data-testid={`desk-anew-${answer}`}>
            {say(answer === 'confirm' ? 'desk.confirm-lot' : `desk.${answer}`)}
          </Button>
        ))}
      </span>
    </div>
  )
}
const GIVES = { confirm: 'confirmed', conflict: 'conflict' } as const
const CONFIRMING = { item: 'desk.confirm-item', tag: 'desk.confirm', lot: 'desk.confirm-lot' } as const

const TakeBack = ({ id, onDecided }: { readonly id: string; readonly onDecided: () => void }) => {
  const say = useSay()
  const { modal, message } = App.useApp()
  const part = usePart()
  const send = async (): Promise<void> => {
    if (!(await part.send(id))?.ok) return
    void message.success(say('desk.taken-back'))
    onDecided()
  }
  const ask = (): void => {
    void modal.confirm({
      title: say('desk.take-back'),
      content: say('desk.take-back-hint'),
      okText: say('desk.take-back'),
      cancelText: say('page.cancel'),
      okButtonProps: { 'data-testid': 'desk-take-back-send' },
      onOk: () => void send(),
    })
  }
  return (
    <>
      {part.trouble && <TroubleNote trouble={part.trouble} />}
      <Button loading={part.state === 'sending'} onClick={ask} data-testid="desk-take-back">
        {say('desk.take-back')}
      </Button>
    </>
  )
}

const MINUTES = 16
